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
        return Mute::new;
    }

    /** jclouds' own {@link Logger#NULL} writes errors to the console. */
    private record Mute(String category) implements Logger {
        @Override
        public String getCategory() {
            return category;
        }

        @Override
        public void trace(String message, Object... args) {}

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public void debug(String message, Object... args) {}

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public void info(String message, Object... args) {}

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public void warn(String message, Object... args) {}

        @Override
        public void warn(Throwable throwable, String message, Object... args) {}

        @Override
        public boolean isWarnEnabled() {
            return false;
        }

        @Override
        public void error(String message, Object... args) {}

        @Override
        public void error(Throwable throwable, String message, Object... args) {}

        @Override
        public boolean isErrorEnabled() {
            return false;
        }
    }
}
