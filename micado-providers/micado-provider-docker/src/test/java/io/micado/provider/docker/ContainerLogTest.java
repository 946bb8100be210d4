package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ContainerLogTest {
    @Test
    void takesTheLastLineThatSaysSomething() throws IOException {
        assertThat(ContainerLog.lastLine(frames("starting\n", "failed: no iptables\n", "\n")))
                .contains("failed: no iptables");
    }

    @Test
    void aContainerThatSaidNothingHasNoLastLine() throws IOException {
        assertThat(ContainerLog.lastLine(frames())).isEmpty();
    }

    @Test
    void refusesWhatIsNoFrame() {
        byte[] noise = "this is no frame at all".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ContainerLog.lastLine(new ByteArrayInputStream(noise)))
                .isInstanceOf(IOException.class);
    }

    private static InputStream frames(String... lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (String line : lines) {
            byte[] text = line.getBytes(StandardCharsets.UTF_8);
            out.writeInt(2 << 24);
            out.writeInt(text.length);
            out.write(text);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
