package io.micado.http;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A headless Chromium with one page, driven over its DevTools protocol. Confined to one thread. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final WebSocket socket;
    private final String session;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> calls = new ConcurrentHashMap<>();
    /** What the page complained of: errors of scripts, refused resources, violations of the content policy. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Browser(Process process, String devTools) throws IOException {
        this.process = process;
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(devTools), new Listener())
                .join();
        String target = String.valueOf(
                call("", "Target.createTarget", Map.of("url", "about:blank")).get("targetId"));
        session = String.valueOf(call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId"));
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** {@return the program; empty where there is none} */
    static Optional<Path> program() {
        return List.of("chromium", "chromium-browser", "google-chrome").stream()
                .flatMap(name -> List.of("/usr/bin", "/usr/local/bin", "/snap/bin").stream()
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path profile) throws IOException {
        Process process = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
            if (System.nanoTime() > end || !process.isAlive()) {
                process.destroyForcibly();
                throw new IOException("Chromium did not start");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        List<String> lines = Files.readAllLines(port);
        return new Browser(process, "ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    }

    /** Shows the page as on a screen of this size. */
    void screen(int width, int height, boolean isPhone, boolean isDark) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", isPhone));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
    }

    void open(URI address) throws IOException {
        call("Page.navigate", Map.of("url", address.toString()));
        until("location.href === '" + address + "' && document.readyState === 'complete'");
    }

    /** {@return the value of a JavaScript expression} */
    Object evaluate(String expression) throws IOException {
        Map<String, Object> answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.get("exceptionDetails") != null) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return String.valueOf(((Map<?, ?>) answer.get("result")).get("value"));
    }

    /** Waits until an expression is true. */
    void until(String expression) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate("Boolean(" + expression + ")").equals("true")) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        expression + " did not come true; the page shows:\n" + evaluate("document.body.innerText"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    void type(String text) throws IOException {
        call("Input.insertText", Map.of("text", text));
    }

    /** Presses a key that is no letter. */
    void press(String key, int code) throws IOException {
        Map<String, Object> down =
                new LinkedHashMap<>(Map.of("type", "keyDown", "key", key, "windowsVirtualKeyCode", code));
        if (key.equals("Enter")) {
            down.put("text", "\r");
        }
        call("Input.dispatchKeyEvent", down);
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** {@return a picture of the page, or of its upper part of this height} */
    byte[] picture(int width, int height) throws IOException {
        Map<String, Object> answer = call(
                "Page.captureScreenshot",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
        return Base64.getDecoder().decode(String.valueOf(answer.get("data")));
    }

    List<String> complaints() {
        return new ArrayList<>(complaints);
    }

    private Map<String, Object> call(String method, Map<String, Object> parameters) throws IOException {
        return call(session, method, parameters);
    }

    private Map<String, Object> call(String ofSession, String method, Map<String, Object> parameters)
            throws IOException {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        calls.put(id, answer);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("method", method);
        message.put("params", parameters);
        if (!ofSession.isEmpty()) {
            message.put("sessionId", ofSession);
        }
        socket.sendText(JSON.std.asString(message), true).join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket of, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                String text = part.toString();
                part.setLength(0);
                try {
                    hear(JSON.std.mapFrom(text));
                } catch (IOException e) {
                    complaints.add("unreadable: " + text);
                }
            }
            of.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @SuppressWarnings("unchecked")
        private void hear(Map<String, Object> message) {
            if (message.get("id") instanceof Integer id) {
                CompletableFuture<Map<String, Object>> answer = calls.remove(id);
                if (message.get("error") != null) {
                    answer.completeExceptionally(new AssertionError(String.valueOf(message.get("error"))));
                } else {
                    answer.complete((Map<String, Object>) message.get("result"));
                }
            } else if (message.get("method") instanceof String method
                    && (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded"))) {
                complaints.add(String.valueOf(message.get("params")));
            }
        }
    }
}
