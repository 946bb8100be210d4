package io.micado.provider.jclouds;

import com.google.common.base.Throwables;
import com.google.inject.AbstractModule;
import io.micado.api.time.Timekeeper;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpCommandExecutorService;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.config.ConfiguresHttpCommandExecutorService;
import org.jclouds.http.config.SSLModule;
import org.jclouds.http.internal.JavaUrlHttpCommandExecutorService;
import org.slf4j.Logger;

/**
 * Every HTTP request of jclouds goes through here: it is logged in one line without its content, and a failure becomes a {@link Refusal} or a
 * {@link NoAnswer}, which hold nothing of what was sent. Called by jclouds on the thread of the request. Thread-safe.
 *
 * <p>A login that fails in the course of another request comes out as the failure of the login: the other request was not sent then.
 */
@Singleton
final class GuardedHttp implements HttpCommandExecutorService {
    private final JavaUrlHttpCommandExecutorService http;
    private final Timekeeper timekeeper;
    private final Logger log;

    @Inject
    GuardedHttp(JavaUrlHttpCommandExecutorService http, Timekeeper timekeeper, Logger log) {
        this.http = http;
        this.timekeeper = timekeeper;
        this.log = log;
    }

    @Override
    public HttpResponse invoke(HttpCommand command) {
        long start = timekeeper.nanoTime();
        DefaultProject.ofUser(command);
        String request = KeepRefusal.describe(command.getCurrentRequest());
        try {
            HttpResponse response = http.invoke(command);
            if (response.getStatusCode() < 100) {
                // The JDK takes anything for an answer of HTTP 0.9.
                throw new NoAnswer(
                        request,
                        KeepRefusal.isLogin(command.getCurrentRequest()),
                        new ProtocolException("the answer is not HTTP"));
            }
            HttpResponse limited = AnswerLimit.around(response);
            log.debug("{}: {} after {} ms", request, response.getStatusCode(), since(start));
            return limited;
        } catch (IOException e) {
            throw new NoAnswer(request, KeepRefusal.isLogin(command.getCurrentRequest()), e);
        } catch (RuntimeException e) {
            RuntimeException told = told(command, request, e);
            // jclouds' own exceptions hold what was sent and what came back.
            boolean ours = told instanceof Refusal || told instanceof NoAnswer;
            log.debug(
                    "{} after {} ms",
                    ours ? told.getMessage() : request + ": " + told.getClass().getSimpleName(),
                    since(start));
            throw told;
        }
    }

    private static RuntimeException told(HttpCommand command, String request, RuntimeException failure) {
        for (Throwable cause : Throwables.getCausalChain(failure)) {
            if (cause instanceof Refusal || cause instanceof NoAnswer) {
                return (RuntimeException) cause;
            }
            if (cause instanceof IOException io) {
                return new NoAnswer(request, KeepRefusal.isLogin(command.getCurrentRequest()), io);
            }
        }
        return failure;
    }

    private long since(long start) {
        return Duration.ofNanos(timekeeper.nanoTime() - start).toMillis();
    }

    /** Puts it in the place of jclouds' own. */
    @ConfiguresHttpCommandExecutorService
    static final class Module extends AbstractModule {
        private final Timekeeper timekeeper;
        private final Logger log;

        Module(Timekeeper timekeeper, Logger log) {
            this.timekeeper = timekeeper;
            this.log = log;
        }

        @Override
        protected void configure() {
            install(new SSLModule());
            bind(Timekeeper.class).toInstance(timekeeper);
            bind(Logger.class).toInstance(log);
            bind(HttpCommandExecutorService.class).to(GuardedHttp.class);
        }
    }
}
