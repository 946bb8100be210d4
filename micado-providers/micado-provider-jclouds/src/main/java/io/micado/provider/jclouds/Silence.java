package io.micado.provider.jclouds;

import org.jclouds.logging.Logger;
import org.jclouds.logging.config.LoggingModule;

/**
 * Keeps jclouds from logging by itself, at any level: its messages hold whole requests, and with them passwords and user data, even at level
 * error ("Command not considered safe to retry"). {@link GuardedHttp} logs what is worth knowing. Stateless.
 */
final class Silence extends LoggingModule {
    @Override
    public Logger.LoggerFactory createLoggerFactory() {
        return category -> Logger.NULL;
    }
}
