package io.micado.http;

import io.micado.Micado;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes by which Prometheus and an Alertmanager work with one infrastructure, to be added to a {@link MicadoHttpServerBuilder} by the
 * host program: what to scrape, where alerts go, and the configurations that make them do so. Immutable after that; not thread-safe before.
 *
 * <table>
 * <caption>Routes, below {@code /monitoring/NAME}</caption>
 * <tr><td>{@code GET /targets}</td><td>{@link Discovery}</td></tr>
 * <tr><td>{@code POST /alerts}</td><td>{@link AlertReceiver}, when there is one</td></tr>
 * <tr><td>{@code GET /alerts}</td><td>the alerts that fire now, as far as the receiver was told, 1,000 at most</td></tr>
 * <tr><td>{@code GET /prometheus.yml}, {@code GET /alertmanager.yml}</td><td>configurations that refer to these</td></tr>
 * </table>
 *
 * <pre>{@code
 * MicadoHttpServerBuilder server = MicadoHttpServer.builder().token(token);
 * MonitoringRoutes.of(micado).alerts(alerts).tokenFile(Path.of("/etc/prometheus/micado.token")).addTo(server);
 * }</pre>
 */
public final class MonitoringRoutes {
    private static final int MOST_SHOWN = 1_000;

    private final Micado micado;
    private Discovery discovery;
    private MonitoringTiming timing = MonitoringTiming.PROMPT;
    private String rules = "/etc/prometheus/micado";
    private String alertmanager = "127.0.0.1:9093";

    @Nullable
    private AlertReceiver alerts;

    @Nullable
    private URI base;

    @Nullable
    private Path tokenFile;

    private MonitoringRoutes(Micado micado) {
        this.micado = micado;
        discovery = Discovery.of(micado);
    }

    /** Starts the routes of an infrastructure. */
    public static MonitoringRoutes of(Micado micado) {
        return new MonitoringRoutes(micado);
    }

    /** Sets what tells of targets; default the usual ports of the exporters. */
    public MonitoringRoutes discovery(Discovery value) {
        discovery = Objects.requireNonNull(value, "discovery");
        return this;
    }

    /** Sets what hears alerts. */
    public MonitoringRoutes alerts(AlertReceiver value) {
        alerts = Objects.requireNonNull(value, "alerts");
        return this;
    }

    /** Sets how fast the configurations are; default {@link MonitoringTiming#PROMPT}. */
    public MonitoringRoutes timing(MonitoringTiming value) {
        timing = Objects.requireNonNull(value, "timing");
        return this;
    }

    /** Sets where Prometheus and the Alertmanager reach the server; default by http at the address at which its configuration is asked for. */
    public MonitoringRoutes base(URI value) {
        if (!List.of("http", "https").contains(String.valueOf(value.getScheme())) || value.getHost() == null) {
            throw new IllegalArgumentException("base must be http://HOST[:PORT][/PATH] or https, got " + value);
        }
        base = value;
        return this;
    }

    /** Sets the file that holds the server's token, where Prometheus and the Alertmanager run; without, they show none. */
    public MonitoringRoutes tokenFile(Path value) {
        tokenFile = Objects.requireNonNull(value, "tokenFile");
        return this;
    }

    /** Sets the directory that Prometheus reads rules from; default {@code /etc/prometheus/micado}. */
    public MonitoringRoutes rules(Path directory) {
        rules = directory.toString();
        return this;
    }

    /** Sets the host and port of the Alertmanager; default {@code 127.0.0.1:9093}. */
    public MonitoringRoutes alertmanager(String hostAndPort) {
        alertmanager = Objects.requireNonNull(hostAndPort, "alertmanager");
        return this;
    }

    /** Adds the routes to a server. */
    public void addTo(MicadoHttpServerBuilder server) {
        String root = "/monitoring/" + micado.name();
        server.endpoint("GET", root + "/targets", discovery);
        if (alerts != null) {
            AlertReceiver receiver = alerts;
            server.endpoint("POST", root + "/alerts", receiver);
            server.endpoint("GET", root + "/alerts", request -> Reply.json(receiver.list(MOST_SHOWN)));
        }
        server.endpoint(
                "GET",
                root + "/prometheus.yml",
                request -> Reply.text(
                        "application/yaml", configuration(request, root).prometheus(alertmanager)));
        server.endpoint(
                "GET",
                root + "/alertmanager.yml",
                request -> Reply.text(
                        "application/yaml", configuration(request, root).alertmanager()));
    }

    private ScrapeConfiguration configuration(Request request, String root) {
        String asked = "http://" + request.header("Host").orElse("127.0.0.1:" + MicadoHttpServerBuilder.DEFAULT_PORT);
        String server = base == null ? asked : base.toString();
        return new ScrapeConfiguration(
                server.endsWith("/") ? server.substring(0, server.length() - 1) : server,
                root,
                timing,
                rules,
                Optional.ofNullable(tokenFile).map(Path::toString));
    }
}
