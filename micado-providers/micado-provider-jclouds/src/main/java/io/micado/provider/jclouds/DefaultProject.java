package io.micado.provider.jclouds;

import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpRequest;
import org.jclouds.io.Payload;
import org.jclouds.io.Payloads;

/**
 * Lets a login at Keystone that names no project be one to the user's default project. jclouds writes {@code "scope":"unscoped"}
 * then, by which Keystone gives a token that is good for nothing; without a scope it takes the default project. Called by
 * {@link GuardedHttp} on the thread of the request. Stateless.
 */
final class DefaultProject {
    private static final String UNSCOPED = ",\"scope\":\"unscoped\"";

    private DefaultProject() {}

    /** Takes the empty scope out of a login; any other request stays as it is. */
    static void ofUser(HttpCommand command) {
        HttpRequest request = command.getCurrentRequest();
        if (!KeepRefusal.isLogin(request)
                || request.getPayload() == null
                || !(request.getPayload().getRawContent() instanceof String body)
                || !body.contains(UNSCOPED)) {
            return;
        }
        Payload login = Payloads.newStringPayload(body.replace(UNSCOPED, ""));
        login.getContentMetadata().setContentType("application/json");
        login.setSensitive(true);
        command.setCurrentRequest(request.toBuilder().payload(login).build());
    }
}
