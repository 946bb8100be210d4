package io.micado.examples;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forms in which a secret may come out. Stateless. */
final class SecretForms {
    private SecretForms() {}

    /** {@return texts that give the secret away, with what they are} Of Base64 it is what stands in the middle of a longer text. */
    static Map<String, String> of(String secret) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("as it is", secret);
        forms.put("URL-encoded", URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.put("in JSON", secret.replace("/", "\\/"));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.put("in hexadecimal", HexFormat.of().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // Characters that hold bits of what stands before or after are left out.
            String middle = encoded.substring((before * 8 + 5) / 6, shifted.length * 8 / 6);
            forms.put("in Base64, " + before + " bytes off", middle);
            forms.put(
                    "in Base64 for URLs, " + before + " bytes off",
                    middle.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }
}
