package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.simulation.ScenarioResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    private static final String ATTACK = "</script><img src=x onerror='alert(\"1\")'> & {{data}} \u2028";
    private static final String NAME = "a<b>&\"c'";

    private static String page(List<Decision> decisions) {
        return HtmlReport.page(Results.of("web", decisions), "title", "subtitle");
    }

    @Test
    void textFromOutsideIsShownAndNeverBecomesMarkup() {
        Decision hostile = Results.decision(TargetId.service(NAME), Duration.ofMinutes(30), 1, 3, ATTACK);
        ScenarioResult result = Results.of(NAME, List.of(hostile));

        String page = HtmlReport.page(result, "title " + ATTACK, "subtitle " + ATTACK);

        assertThat(page).doesNotContain("<img", NAME);
        assertThat(page.split("</script>", -1))
                .as("the two scripts end where they should")
                .hasSize(3);
        assertThat(page).contains("<title>title &lt;/script&gt;&lt;img src=x", "a&lt;b&gt;&amp;&quot;c&#39;");
        assertThat(data(page)).contains("\\u003c/script\\u003e\\u003cimg", "\\u2028");
        assertThat(page).as("places in what was filled in are left alone").contains("&amp; {{data}}");
    }

    @Test
    void everyDecisionIsInTheTableAndInTheCharts() {
        List<Decision> decisions = IntStream.range(0, 300)
                .mapToObj(i -> Results.decision(
                        TargetId.service("web"), Duration.ofSeconds(i), i, i + 1, "because of " + i + "!"))
                .toList();

        String page = page(decisions);

        assertThat(page.split("<tr data-decision=", -1)).hasSize(301);
        for (int i = 0; i < 300; i++) {
            assertThat(page).contains(i + " → " + (i + 1) + " replicas");
            assertThat(data(page)).contains("because of " + i + "!");
        }
    }

    @Test
    void aRowHasTheWholeWayToItsDecision() {
        String page = page(List.of(
                Results.decision(TargetId.pool("spot"), Duration.ofMinutes(61), 2, 4, "2 -> 4 workers: 5 tasks wait")));

        assertThat(page)
                .contains(">01:01:00</td>", "pool spot", "▲</span> 2 → 4 workers", ">the policy<", ">5 tasks wait<")
                .contains(
                        "<dt>cpu.ratio</dt><dd>1.25</dd>",
                        "<b>recommendation</b> 2 → 4: 2 -&gt; 4 workers: 5 tasks wait")
                .contains("inputs and steps of <i>target-tracking</i>");
    }

    @Test
    void theChartsHaveEverySample() {
        assertThat(data(page(List.of())))
                .contains(
                        "\"seconds\":7200",
                        "\"at\":[60,120,3600,7200]",
                        "\"offered\":[10,10,30,30]",
                        "\"served\":[10,10,20,30]")
                .contains(
                        "\"desired\":[2,2,3,3]",
                        "\"running\":[1,2,3,3]",
                        "\"ready\":[0,1,2,2]",
                        "\"machines\":[1,1,2,2]");
    }

    @Test
    void needsNothingFromOutside() {
        String page = page(List.of());

        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("src=", "href=", "@import", "url(http", "fetch(", "innerHTML");
        assertThat(Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)")
                        .matcher(page)
                        .find())
                .isFalse();
    }

    @Test
    void aResultWithoutAnythingIsAPageToo() {
        ScenarioResult empty = new ScenarioResult(
                0,
                Duration.ZERO,
                java.util.Map.of(),
                io.micado.simulation.Bill.NOTHING,
                0,
                0,
                new io.micado.simulation.ClusterCounters(0, 0, 0, 0, 0, 0),
                List.of(),
                List.of());

        assertThat(HtmlReport.page(empty, "nothing", "")).contains("<b>0 %</b>", "\"services\":[]");
    }

    @Test
    void isWrittenInPlaceOfAnOldOne(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("report.html"), "old");

        HtmlReport.write(Results.of("web", List.of()), "Zwölf → 14", "", file);

        assertThat(file).content().startsWith("<!DOCTYPE html>").contains("Zwölf → 14");
    }

    private static String data(String page) {
        Matcher data =
                Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL).matcher(page);
        assertThat(data.find()).isTrue();
        return data.group(1);
    }
}
