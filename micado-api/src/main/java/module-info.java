/**
 * The types and plug-in interfaces of MiCADO for Java: what a host program reads and what a plug-in implements.
 * It depends on the JDK alone.
 */
module io.micado.api {
    requires static transitive org.jspecify;

    exports io.micado.api.config;
    exports io.micado.api.error;
    exports io.micado.api.event;
    exports io.micado.api.metric;
    exports io.micado.api.scaling;
    exports io.micado.api.service;
    exports io.micado.api.spi;
    exports io.micado.api.time;
    exports io.micado.api.worker;
}
