package io.micado.provider.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says in plain words why there was no answer. Called by {@link HttpClient} on its threads. Not instantiable. */
final class CallFailures {
    private CallFailures() {}

    static String describe(IOException failure) {
        if (failure instanceof UnknownHostException) {
            return "the host name is not known";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "no connection could be made (" + failure.getMessage() + ")";
        }
        if (failure instanceof SocketTimeoutException) {
            return "no connection stood in time (" + failure.getMessage() + ")";
        }
        if (failure instanceof SSLException) {
            return "TLS failed (" + failure.getMessage()
                    + "); where the other side has an authority of its own, name its certificate as \""
                    + HttpSettings.CA_FILE + "\"";
        }
        return "the connection broke or the answer was no HTTP (" + failure.getMessage() + ")";
    }
}
