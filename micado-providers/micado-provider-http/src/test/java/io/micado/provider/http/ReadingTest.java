package io.micado.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\": tru", "<html>MARKED</html>", "{} MARKED", "[1, MARKED]"})
    void saysWithoutQuotingThatABodyIsNoJson(String body) {
        assertThatThrownBy(() -> answer(body, true).json())
                .hasMessageMatching("GET /x was answered with 200 and a body that is .*JSON.*")
                .hasMessageNotContaining("MARKED")
                .hasNoCause();
        assertThat(answer(body, true).jsonIfAny()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<a>", "<a></b>", "<a>&MARKED;</a>", "<a/><b/>", "<a b=MARKED/>"})
    void saysWithoutQuotingThatABodyIsNoXml(String body) {
        assertThatThrownBy(() -> answer(body, true).xml())
                .hasMessageMatching("GET /x was answered with 200 and a body that is .*XML.*")
                .hasMessageNotContaining("MARKED")
                .hasNoCause();
        assertThat(answer(body, true).xmlIfAny()).isEmpty();
    }

    @Test
    void anUnreadableAnswerToAnEffectLeavesItsOutcomeUnknown() {
        assertThatThrownBy(() -> answer("oops", false).json())
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN));
        assertThatThrownBy(() -> answer("oops", true).json())
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INTERNAL));
    }

    @Test
    void readsNoExternalEntityAndExpandsNone() {
        String external = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        String laughs = "<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";

        for (String body : List.of(external, laughs, "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>")) {
            assertThatThrownBy(() -> answer(body, true).xml()).hasMessageContaining("document type or an entity");
        }
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThatThrownBy(() ->
                        answer("<a>".repeat(101) + "</a>".repeat(101), true).xml())
                .hasMessageContaining("levels");
        assertThatThrownBy(() -> answer("[".repeat(100_000), true).json()).isInstanceOf(MicadoException.class);
        assertThat(answer("<a>".repeat(100) + "</a>".repeat(100), true).xml().name())
                .isEqualTo("a");
    }

    @Test
    void readsBackWhatItWrites() {
        XmlElement instance = XmlElement.of(
                "instance", List.of(XmlElement.of("name", "a <b> & \"c\" é"), XmlElement.of("empty", "")));

        XmlElement read = answer(instance.document(), true).xml();

        assertThat(read).isEqualTo(instance);
        assertThat(read.textOf("name")).contains("a <b> & \"c\" é");
        assertThat(read.textOf("empty")).isEmpty();
        assertThat(read.textOf("missing")).isEmpty();
    }

    @Test
    void readsTextAndElementsWithoutPrefixesAndAttributes() {
        XmlElement read = answer(
                        "<?xml version='1.0'?><!-- c --><x:list type='array'><x:i> 1 </x:i><x:i><![CDATA[<2>]]></x:i></x:list>"
                                .replace("<x:list", "<x:list xmlns:x='urn:x'"),
                        true)
                .xml();

        assertThat(read.name()).isEqualTo("list");
        assertThat(read.all("i")).extracting(XmlElement::text).containsExactly("1", "<2>");
    }

    private static HttpResponse answer(String body, boolean safe) {
        return new HttpResponse(
                "GET /x",
                safe,
                200,
                Map.of(),
                body.getBytes(StandardCharsets.UTF_8),
                Instant.EPOCH,
                new Redaction(List.of()));
    }
}
