package io.micado.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.spi.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents as text. */
class CloudConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0644",
                "yes",
                "no",
                "null",
                "~",
                "22:22",
                "1e3",
                "- a",
                "a: b",
                "#",
                " leading\nand trailing \n",
                "\nempty line first\n\n\nand last\n\n",
                "no line end\nat the end",
                "tab\there\nand\tthere\n",
                "carriage\r\nreturn\r\n",
                "bell \u0007 and escape \u001b\n",
                "ö € 𝄞\n",
                "line\u2028separator\n",
                "'single' \"double\" \\back\\ %percent @at `tick`\n",
                "--- \n...\n",
                "  #!/bin/sh\n\techo\n"
            })
    void everyContentComesBackAsItWas(String content) {
        CloudConfig document = CloudConfig.builder()
                .file(CloudConfigFile.of("/etc/x", content))
                .command(List.of("echo", content))
                .build();
        String text = document.render().reveal();
        assertThat(text).startsWith("#cloud-config\n");
        assertThat(Documents.file(text, "/etc/x")).isEqualTo(content);
        assertThat(Documents.parse(text).get("runcmd")).isEqualTo(List.of(List.of("echo", content)));
    }

    @Test
    void aScriptStandsInTheDocumentLineByLine() {
        CloudConfig document = CloudConfig.builder()
                .file(CloudConfigFile.executable("/usr/local/bin/x", "#!/bin/sh\necho " + "long ".repeat(50) + "end\n"))
                .build();
        assertThat(document.render().reveal())
                .contains("\n    #!/bin/sh\n    echo long long")
                .contains("\"0755\"");
    }

    @Test
    void contentIsNeverShown() {
        CloudConfig document = CloudConfig.builder()
                .file(CloudConfigFile.secret("/run/x", Secret.of("marked")))
                .build();
        assertThat(document + " " + document.files() + " " + document.render())
                .doesNotContain("marked")
                .contains("/run/x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "/", "/a/", "//a", "/a/../b", "/a/..", "/a\nb"})
    void aPathHasToBeOneOfAFile(String path) {
        assertThatThrownBy(() -> CloudConfigFile.of(path, "")).isInstanceOf(IllegalArgumentException.class);
    }
}
