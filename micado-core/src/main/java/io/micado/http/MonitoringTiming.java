package io.micado.http;

/** How fast the generated configurations of Prometheus and Alertmanager are. Immutable. */
public enum MonitoringTiming {
    /** An alert is told of at once, and repeated every minute. */
    PROMPT("5s", "3s", "5s", "0s", "5s", "1m", "1m"),
    /** That of MiCADO 0.3: scraped every 10 s, evaluated every minute, repeated every minute for services and every five for pools. */
    MICADO_03("10s", "10s", "1m", "10s", "20s", "1m", "5m");

    final String scrape;
    /** Of what measures the load: a step is seen that much sooner. */
    final String exporters;

    final String evaluation;
    final String groupWait;
    final String groupInterval;
    final String serviceRepeat;
    final String poolRepeat;

    MonitoringTiming(
            String scrape,
            String exporters,
            String evaluation,
            String groupWait,
            String groupInterval,
            String serviceRepeat,
            String poolRepeat) {
        this.scrape = scrape;
        this.exporters = exporters;
        this.evaluation = evaluation;
        this.groupWait = groupWait;
        this.groupInterval = groupInterval;
        this.serviceRepeat = serviceRepeat;
        this.poolRepeat = poolRepeat;
    }
}
