package io.micado.provider.http;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys in PEM. Called by {@link Tls}. Not instantiable. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** In front of an RSA key of PKCS #1 in PKCS #8: version 0 and the algorithm rsaEncryption without parameters. */
    private static final byte[] RSA_ALGORITHM = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 0x04;

    private Pem() {}

    /** {@return all certificates, in their order} */
    static List<X509Certificate> certificates(String pem, String whatFor) {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            if (block.group(1).endsWith("CERTIFICATE")) {
                certificates.add(certificate(decoded(block.group(2), whatFor), whatFor));
            }
        }
        if (certificates.isEmpty()) {
            throw problem(whatFor, "holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private static X509Certificate certificate(byte[] der, String whatFor) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw problem(whatFor, "holds a certificate that cannot be read");
        }
    }

    /** {@return the first private key} */
    static PrivateKey privateKey(String pem, String whatFor) {
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            byte[] der = decoded(block.group(2), whatFor);
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return pkcs8(der, whatFor);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrapped(der), whatFor);
                }
                case "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw problem(
                            whatFor,
                            "holds a private key of a form that is not read (" + block.group(1)
                                    + "); convert it with: openssl pkcs8 -topk8 -nocrypt");
                default -> {
                    // a certificate, or what concerns nobody here
                }
            }
        }
        throw problem(whatFor, "holds no private key (-----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey pkcs8(byte[] der, String whatFor) {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // of another algorithm
            }
        }
        throw problem(whatFor, "holds a private key that cannot be read");
    }

    private static byte[] wrapped(byte[] pkcs1) {
        return tagged(SEQUENCE, joined(RSA_ALGORITHM, tagged(OCTETS, pkcs1)));
    }

    /** {@return the content as DER: tag, length, content} */
    private static byte[] tagged(byte tag, byte[] content) {
        int length = content.length;
        byte[] head;
        if (length < 0x80) {
            head = new byte[] {tag, (byte) length};
        } else if (length < 0x100) {
            head = new byte[] {tag, (byte) 0x81, (byte) length};
        } else {
            head = new byte[] {tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return joined(head, content);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] decoded(String base64, String whatFor) {
        try {
            return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw problem(whatFor, "is damaged");
        }
    }

    private static MicadoException problem(String whatFor, String message) {
        return new MicadoException(ErrorKind.CONFIGURATION, whatFor + " " + message);
    }
}
