package io.micado.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.micado.Micado;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP interface in front of any number of infrastructures: the dashboard at {@code /}, our own interface at {@code /api/v1}, the
 * routes of Occopus at {@code /infrastructures}, metrics for Prometheus at {@code /metrics}, health at {@code /-/healthy} and {@code
 * /-/ready}. It listens on the loopback address and asks for a token, unless told otherwise. Made by {@link #builder()}. Thread-safe.
 *
 * <pre>{@code
 * try (MicadoHttpServer server = MicadoHttpServer.builder().token(Secret.environment("MICADO_TOKEN")).build()) {
 *     server.add(micado);
 *     server.start();
 *     ...
 * }
 * }</pre>
 */
public final class MicadoHttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MicadoHttpServer.class);
    private static final int BACKLOG = 100;
    /** How often infrastructures are looked at, for the timeline and for their health, in seconds. */
    private static final int LOOK = 5;

    private final MicadoHttpServerBuilder settings;
    private final Timekeeper time;
    private final Registry registry;
    private final RequestThreads threads;
    private final Gate gate;
    private final Dispatcher dispatcher;
    private final Set<AlertReceiver> receivers = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable HttpServer server;
    private @Nullable Cancellable nextLook;
    private boolean closed;

    MicadoHttpServer(MicadoHttpServerBuilder settings, Timekeeper time) {
        this.settings = settings;
        this.time = time;
        registry = new Registry(time);
        threads = new RequestThreads(
                time, settings.threads, settings.mostStreams, settings.readDeadline, settings.answerDeadline);
        Orders orders = new Orders(time, settings.answerDeadline.dividedBy(3));
        List<Route> routes = new ArrayList<>(PageRoutes.routes());
        routes.addAll(new ApiRoutes(registry, orders, time).routes());
        routes.addAll(new OccopusRoutes(registry, orders, settings.factory).routes());
        routes.addAll(new OperationRoutes(registry, time, this::ownMetrics).routes());
        routes.addAll(settings.endpoints);
        for (Route route : settings.endpoints) {
            if (route.endpoint() instanceof AlertReceiver one) {
                receivers.add(one);
            }
        }
        gate = new Gate(settings.token, settings.origins, settings.tls != null);
        dispatcher = new Dispatcher(routes, gate, threads, time, settings.mostBodyBytes);
    }

    /** Starts a server's description. */
    public static MicadoHttpServerBuilder builder() {
        return new MicadoHttpServerBuilder();
    }

    /**
     * Shows an infrastructure, before or after it was started, and before or after the server was.
     *
     * @throws IllegalArgumentException when one of its name is shown already
     */
    public void add(Micado micado) {
        registry.add(micado);
    }

    /** Shows an infrastructure of this name no longer; it goes on. One that is not shown is ignored. */
    public void remove(String name) {
        registry.remove(name);
    }

    /** {@return the names of the infrastructures that are shown} */
    public List<String> infrastructures() {
        return registry.all().stream().map(Shown::name).toList();
    }

    /**
     * Takes down a point of every timeline now, besides those that are taken down every {@value #LOOK} seconds: for
     * infrastructures in simulated time, whose hours pass in a moment.
     */
    public void look() {
        registry.look();
    }

    /**
     * Binds the address and answers from now on.
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when the address cannot be bound
     * @throws IllegalStateException when it was started or closed before
     */
    public synchronized void start() {
        if (closed || server != null) {
            throw new IllegalStateException("this server was started or closed before");
        }
        InetSocketAddress address = new InetSocketAddress(settings.address, settings.port);
        try {
            HttpServer made = settings.tls == null
                    ? HttpServer.create(address, BACKLOG)
                    : secure(HttpsServer.create(address, BACKLOG), settings.tls);
            made.setExecutor(threads);
            made.createContext("/", dispatcher);
            made.start();
            server = made;
        } catch (IOException e) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "the HTTP server cannot listen on " + settings.address.getHostAddress() + ", port " + settings.port
                            + ": " + e.getMessage(),
                    e);
        }
        if (settings.tls == null && !settings.address.isLoopbackAddress()) {
            LOG.warn("the HTTP server listens on {} without TLS: everybody on the way can read the token", uri());
        }
        LOG.info("the HTTP server answers at {}", uri());
        lookAgain();
    }

    private static HttpsServer secure(HttpsServer server, javax.net.ssl.SSLContext context) {
        // The context's own defaults: TLS 1.2 and 1.3 on every JDK that is kept up.
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private synchronized void lookAgain() {
        if (!closed) {
            registry.look();
            nextLook = time.schedule(Duration.ofSeconds(LOOK), this::lookAgain);
        }
    }

    /**
     * {@return where it answers, with the port that it got}
     *
     * @throws IllegalStateException before it was started
     */
    public synchronized URI uri() {
        if (server == null) {
            throw new IllegalStateException("this server was not started");
        }
        InetSocketAddress bound = server.getAddress();
        InetAddress host = bound.getAddress();
        String literal = host.getHostAddress();
        String name = literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal;
        return URI.create((settings.tls == null ? "http://" : "https://") + name + ":" + bound.getPort() + "/");
    }

    /** {@return every route} */
    List<Route> routes() {
        return dispatcher.routes();
    }

    /** {@return what is remembered of an infrastructure} */
    Shown shown(String name) {
        return registry.find(name);
    }

    private String ownMetrics() {
        MetricsText text = new MetricsText();
        receivers.forEach(one -> one.measure(text));
        text.family("micado_http_responses_total", "counter", "Answers of this server by class of status code.");
        for (int hundreds = 2; hundreds <= 5; hundreds++) {
            text.sample(
                    "micado_http_responses_total",
                    "",
                    (double) dispatcher.answersOfClass(hundreds),
                    "code",
                    hundreds + "xx");
        }
        text.family("micado_http_refused_connections_total", "counter", "Connections closed because too many waited.");
        text.sample("micado_http_refused_connections_total", "", (double) threads.turnedAway());
        text.family("micado_http_slow_connections_total", "counter", "Connections closed because they were too slow.");
        text.sample("micado_http_slow_connections_total", "", (double) threads.cutOff());
        text.family("micado_http_wrong_tokens_total", "counter", "Requests that showed a wrong token.");
        text.sample("micado_http_wrong_tokens_total", "", (double) gate.wrongTokens());
        text.family("micado_http_event_streams", "gauge", "Event streams that are open.");
        text.sample("micado_http_event_streams", "", threads.streams());
        return text.toString();
    }

    /** Stops answering, at once. The infrastructures go on, and stay open. A second call does nothing. */
    @Override
    public void close() {
        HttpServer running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = server;
            if (nextLook != null) {
                nextLook.cancel();
            }
        }
        threads.close();
        if (running != null) {
            running.stop(0);
        }
        registry.all().forEach(Shown::leave);
    }
}
