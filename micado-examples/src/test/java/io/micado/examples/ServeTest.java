package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ready-made program runs a file, with the HTTP interface in front of it. */
class ServeTest {
    @TempDir
    Path directory;

    private final RecordingTerminal terminal = new RecordingTerminal(false, 80);

    @Test
    void runsWhatAFileDescribesAndAnswersOnlyWithTheToken() throws Exception {
        Path file = Files.writeString(directory.resolve("micado.yaml"), """
                name: shop
                orchestrator: simulated
                clouds: {sim: {type: simulated, bootTime: 1s}}
                pools:
                  workers:
                    offerings: [{cloud: sim, instanceType: small}]
                stateDirectory: %s
                """.formatted(directory.resolve("state")));
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> run(List.of(file.toString(), "0"), end));

        String dashboard = told("dashboard");
        URI look = URI.create(dashboard + "infrastructures/shop");
        assertThat(firstPassSeenAt(look, told("token"))).contains("\"workers\"");
        assertThat(get(look, "wrong-token-of-sixteen").statusCode()).isEqualTo(401);
        URI targets = URI.create(dashboard + "monitoring/shop/targets?job=worker_cluster");
        assertThat(get(targets, told("token")).statusCode()).isEqualTo(200);

        end.countDown();
        assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(Program.OK);
    }

    @Test
    void saysHowToCallIt() {
        assertThat(Program.run(List.of(), "usage", 3, Serve::run, terminal.terminal()))
                .isEqualTo(Program.UNUSABLE);
        assertThat(terminal.errors()).contains("usage: Serve FILE");
        assertThat(Program.run(
                        List.of(directory.resolve("none.yaml").toString()),
                        "usage",
                        3,
                        Serve::run,
                        terminal.terminal()))
                .isEqualTo(Program.UNUSABLE);
    }

    private int run(List<String> arguments, CountDownLatch end) {
        try {
            return Serve.run(arguments, terminal.terminal(), end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String told(String word) {
        Pattern line = Pattern.compile(word + " +(\\S+)");
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                System.nanoTime() < end;
                Thread.onSpinWait()) {
            Matcher matcher = line.matcher(terminal.output());
            if (terminal.output().contains("Ctrl-C") && matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("nothing was told of " + word + " in a minute: " + terminal.output());
    }

    /** Until the first pass was made there is nothing to tell. */
    private static String firstPassSeenAt(URI uri, String token) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String seen = "";
        while (!seen.contains("workers") && System.nanoTime() < end) {
            seen = get(uri, token).body();
        }
        return seen;
    }

    private static HttpResponse<String> get(URI uri, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
