package io.micado.provider.occopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.provider.occopus.Templates.TemplateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates can do, and that they can do nothing else. */
class TemplatesTest {
    private static final Map<String, Object> VARIABLES = Map.of(
            "infra_id",
            "abcdef",
            "variables",
            Map.of("x", "1", "list", List.of("p", "q"), "braces", "{{ infra_id }}", "secret", "hunter2"));

    private static final Templates TEMPLATES = new Templates();

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            {{variables.x}}                                      | 1
            {{ variables['x'] }}{{ infra_id }}                   | 1abcdef
            {% raw %}{{ kept }}{% endraw %}                      | {{ kept }}
            {% for i in variables.list %}{{ i }},{% endfor %}    | p,q,
            {% if variables.x == '1' %}yes{% else %}no{% endif %} | yes
            '{{ variables.nothing | default(''d'') }}'           | d
            {% if nothing is defined %}a{% else %}b{% endif %}   | b
            '{{ variables.list | join(''-'') | upper }}'         | P-Q
            {{ cut(infra_id, 0, 3) }}                            | abc
            {{ getip('master') }}:{{ getprivip('master') }}      | 192.0.2.7:192.0.2.7
            {% set y = variables.x %}{{ y }}                     | 1
            {{ variables.braces }}                               | {{ infra_id }}
            a{# remark #}b                                       | ab
            ${HOME} $(hostname) %d {x} }                         | ${HOME} $(hostname) %d {x} }
            """)
    void whatOccopusTemplatesUseIsRendered(String template, String expected) throws TemplateException {
        assertThat(render(template)).isEqualTo(expected);
    }

    @Test
    void theTextStaysAsItIs() throws TemplateException {
        assertThat(render("#cloud-config\n\nruncmd:\n  - a\n")).isEqualTo("#cloud-config\n\nruncmd:\n  - a\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.getClass() }}",
                "{{ variables.getClass().forName('java.lang.Runtime') }}",
                "{{ variables.x.class.protectionDomain }}",
                "{{ ____int3rpr3t3r____.config.objectMapper }}",
                "{{ ____int3rpr3t3r____.getConfig() }}",
                "{% include '/etc/passwd' %}",
                "{% import '/etc/passwd' as p %}",
                "{% from '/etc/passwd' import p %}",
                "{% extends '/etc/passwd' %}",
                "{% macro m() %}x{% endmacro %}{{ m() }}",
                "{% call m() %}{% endcall %}",
                "{% do variables.put('a', 'b') %}",
                "{{ '{{ 1 }}' | render }}",
                "{{ 'a: b' | fromyaml }}",
                "{{ '{}' | fromjson }}",
                "{{ 'x' | attr('class') }}",
                "{{ 'x' | log }}",
                "{{ 'a' | regex_replace('(a+)+$', 'b') }}",
                "{{ today() }}",
                "{{ cmd('id') }}",
                "{{ nothing }}",
                "{{ variables.nothing.deeper }}",
                "{% for i in range(100000000) %}{% endfor %}{{ nothing }}"
            })
    void whatCouldDoHarmIsRefused(String template) {
        assertThat(catchThrowableOfType(TemplateException.class, () -> render(template)))
                .as(template)
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(200) %}{% for b in range(200) %}{% for c in range(200) %}{% endfor %}{% endfor %}{% endfor %}",
                "{% for a in range(200) %}{% for b in range(200) %}xxxxxxxxxxxxxxxxxxxx{{ a }}{% endfor %}{% endfor %}",
                "{% set x = 'xxxxxxxxxxxxxxxx' %}{% for a in range(40) %}{% set x = x ~ x %}{% endfor %}{{ x }}"
            })
    @Timeout(20)
    void whatWouldNotEndIsEnded(String template) {
        long before = cpu();

        TemplateException refused = catchThrowableOfType(TemplateException.class, () -> render(template));

        assertThat(refused).isNotNull();
        assertThat(Duration.ofNanos(cpu() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aProblemNamesTheLineAndNothingOfTheText() {
        TemplateException unknown =
                catchThrowableOfType(TemplateException.class, () -> render("a\nhunter2 {{ variables.colour }}\n"));
        assertThat(unknown.line()).isEqualTo(2);
        assertThat(unknown).hasMessage("names variables.colour, which nothing gives a value to");

        TemplateException open =
                catchThrowableOfType(TemplateException.class, () -> render("a\n\n{% if 'hunter2' %}\n"));
        assertThat(open.line()).isEqualTo(3);
        assertThat(open.getMessage()).doesNotContain("hunter2");
    }

    private String render(String template) throws TemplateException {
        return TEMPLATES.render(template, VARIABLES, name -> name.equals("master") ? "192.0.2.7" : null);
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
