package io.micado.examples;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles Java that a document shows. Used by tests, on their own threads. Immutable. */
record SourceCode(Path sources) {

    /** {@return what the compiler says, warnings included; empty when all is well} */
    String compile(Path target, String classPath, String lint) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Files.createDirectories(target);
        List<String> options =
                List.of("--release", "17", "-Xlint:" + lint, "-proc:none", "-cp", classPath, "-d", target.toString());
        StringWriter said = new StringWriter();
        try (var files = Files.walk(sources);
                var manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            boolean compiled = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(java))
                    .call();
            return compiled ? said.toString() : "does not compile: " + said;
        }
    }
}
