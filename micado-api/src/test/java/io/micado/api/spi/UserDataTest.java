package io.micado.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class UserDataTest {
    @Test
    void textThatFitsIsSentAsItIs() {
        assertThat(UserData.fit(Secret.of("#cloud-config\nü"), 16))
                .isEqualTo("#cloud-config\nü".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void longerTextIsCompressed() throws IOException {
        String text = "#cloud-config\n" + "x".repeat(5_000);

        byte[] sent = UserData.fit(Secret.of(text), 1_000);

        assertThat(sent).hasSizeLessThan(1_000);
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    @Test
    void whatDoesNotFitEvenCompressedIsRefusedWithoutShowingIt() {
        byte[] noise = new byte[4_000];
        new Random(7).nextBytes(noise);
        String secret = new String(noise, StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> UserData.fit(Secret.of(secret), 1_000))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessageContaining("at most 1000")
                .hasMessageNotContaining(secret.substring(0, 10));
    }
}
