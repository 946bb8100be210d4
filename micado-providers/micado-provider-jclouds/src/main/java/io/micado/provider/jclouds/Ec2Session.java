package io.micado.provider.jclouds;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Multimap;
import com.google.common.collect.Multimaps;
import com.google.inject.Injector;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.jclouds.ContextBuilder;
import org.jclouds.aws.domain.SessionCredentials;
import org.jclouds.aws.ec2.AWSEC2Api;
import org.jclouds.aws.ec2.AWSEC2ApiMetadata;
import org.jclouds.domain.Credentials;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpCommandExecutorService;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;
import org.jclouds.io.Payloads;
import org.jclouds.rest.ApiContext;
import org.slf4j.Logger;

/**
 * The requests to one EC2 account, over a jclouds context that is opened at the first of them. Called by {@link Ec2Cloud} and its helpers on the
 * threads of {@link Calls}. Thread-safe.
 *
 * <p>jclouds' typed API of EC2 ({@code AWSEC2Api}) serves what it describes as it is today. It knows version 2012-06-01 of EC2: no tags in RunInstances,
 * no pages, no IPv6, and answers that lack what it expects make it fail after the machine was launched. So those requests are put together
 * here, and jclouds signs and sends them.
 */
final class Ec2Session implements AutoCloseable {
    /** A thousand things each. */
    private static final int MOST_PAGES = 1_000;

    private final Ec2Settings settings;
    private final Timekeeper timekeeper;
    private final Logger log;
    private final CloudErrors errors;
    private final Lazy<ApiContext<AWSEC2Api>> context = new Lazy<>(this::open);

    Ec2Session(Ec2Settings settings, Timekeeper timekeeper, Logger log, CloudErrors errors) {
        this.settings = settings;
        this.timekeeper = timekeeper;
        this.log = log;
        this.errors = errors;
    }

    private ApiContext<AWSEC2Api> open() {
        ContextBuilder builder = ContextBuilder.newBuilder(new AWSEC2ApiMetadata()
                        .toBuilder()
                                .defaultModules(Set.of()) // without those of ComputeService
                                .build())
                .endpoint(settings.endpoint().toString())
                .apiVersion(settings.apiVersion())
                .credentialsSupplier(this::credentials);
        ContextBuilder prepared = Contexts.prepared(
                builder,
                new Properties(),
                settings.limits(),
                timekeeper,
                log,
                List.of(new Ec2Module(settings, timekeeper)));
        return Contexts.started(() -> prepared.build());
    }

    /** Asked for at each request, so that keys can rotate. */
    private Credentials credentials() {
        String access = settings.accessKey().reveal();
        String secret = settings.secretKey().reveal();
        return settings.sessionToken().isEmpty()
                ? new Credentials(access, secret)
                : SessionCredentials.builder()
                        .accessKeyId(access)
                        .secretAccessKey(secret)
                        .sessionToken(settings.sessionToken().get().reveal())
                        .build();
    }

    /** {@return the result of a request through jclouds' typed API, which changes something} */
    <T> T typed(String what, java.util.function.Function<AWSEC2Api, T> call) {
        return explained(what, true, () -> call.apply(context.get().getApi()));
    }

    /** {@return the answer to a request that changes nothing} */
    Xml ask(String what, String action, Map<String, String> parameters) {
        return explained(what, false, () -> send(what, false, action, parameters));
    }

    /**
     * Asks for page after page.
     *
     * @return whether all came; what came before one that did not is as good as ever
     * @throws MicadoException when not even the first came
     */
    boolean pages(String what, String action, Ec2Form form, Consumer<Xml> taker) {
        Set<String> asked = new HashSet<>();
        String next = "";
        do {
            Xml page;
            try {
                page = ask(what, action, form.parameters());
            } catch (MicadoException e) {
                if (next.isEmpty()) {
                    throw e;
                }
                return false;
            }
            taker.accept(page);
            next = page.text("nextToken").orElse("");
            if (!next.isEmpty() && (asked.size() == MOST_PAGES || !asked.add(next))) {
                log.warn("{}: the cloud never comes to the last page; what it told is taken for a part", what);
                return false;
            }
            form.set("NextToken", next);
        } while (!next.isEmpty());
        return true;
    }

    /** {@return the answer to a request that changes something} */
    Xml change(String what, String action, Map<String, String> parameters) {
        return explained(what, true, () -> send(what, true, action, parameters));
    }

    private <T> T explained(String what, boolean changes, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw errors.explain(what, changes, e);
        }
    }

    private Xml send(String what, boolean changes, String action, Map<String, String> parameters) {
        Injector injector = context.get().utils().injector();
        Multimap<String, String> form = LinkedHashMultimap.create();
        form.put("Action", action);
        form.putAll(Multimaps.forMap(parameters));
        HttpRequest request = HttpRequest.builder()
                .method("POST")
                .endpoint(settings.endpoint() + "/")
                .payload(Payloads.newUrlEncodedFormPayload(form))
                .filter(injector.getInstance(Ec2Module.Signer.class))
                .build();
        HttpResponse response =
                injector.getInstance(HttpCommandExecutorService.class).invoke(new HttpCommand(request));
        if (response.getPayload() == null) {
            throw errors.unreadable(what, changes, "it is empty");
        }
        try (InputStream body = response.getPayload().openStream()) {
            Xml answer = Xml.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            if (!answer.name().equals(action + "Response")) {
                throw errors.unreadable(what, changes, "it is a document of type " + answer.name());
            }
            return answer;
        } catch (IOException | XMLStreamException e) {
            throw errors.unreadable(what, changes, e.getClass().getSimpleName());
        }
    }

    String region() {
        return settings.region();
    }

    @Override
    public void close() {
        context.take().ifPresent(ApiContext::close);
    }
}
