package io.micado.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A program in a JVM of its own, which can be killed. Thread-safe. */
final class ChildProgram {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ChildProgram(Process process) {
        this.process = process;
    }

    /** Starts a main class with the class path of this JVM. */
    static ChildProgram start(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        ChildProgram program = new ChildProgram(builder.start());
        Thread reader = new Thread(program::read, "output of a program");
        reader.setDaemon(true);
        reader.start();
        return program;
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(its output ended: " + e.getMessage() + ")");
        }
    }

    /** {@return what it wrote so far} */
    List<String> lines() {
        return lines;
    }

    /** {@return whether a line begins or ends so} */
    boolean says(String text) {
        return lines.stream().anyMatch(line -> line.startsWith(text) || line.endsWith(text));
    }

    /** {@return the rest of the first line that begins so} */
    Optional<String> told(String beginning) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).strip())
                .findFirst();
    }

    /** SIGKILL on every platform that has it: nothing of the program runs any more. {@return its exit code} */
    int kill() throws InterruptedException {
        return process.destroyForcibly().waitFor();
    }

    /** Writes a line to its standard input. */
    void poke() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }
}
