package io.micado.docker;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test's own, with what an engine and its client need. Confined to one thread. */
final class TestCertificates {
    private static final X500Name AUTHORITY = new X500Name("CN=test authority");

    private final KeyPair authorityKeys = keys();
    private final X509Certificate authority = sign(AUTHORITY, authorityKeys, true, "");
    private int serial;

    /** Writes ca.pem, cert.pem and key.pem for a client. */
    void writeClient(Path directory) throws Exception {
        KeyPair keys = keys();
        X509Certificate certificate = sign(new X500Name("CN=client"), keys, false, "");
        writePem(directory.resolve("ca.pem"), "CERTIFICATE", authority.getEncoded());
        writePem(directory.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
        writePem(directory.resolve("key.pem"), "PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** {@return what an engine of this IP address needs, which takes clients of this authority only} */
    SSLContext server(String ipAddress) throws Exception {
        KeyPair keys = keys();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        Certificate certificate = sign(new X500Name("CN=engine"), keys, false, ipAddress);
        own.setKeyEntry("engine", keys.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own, new char[0]);

        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);

        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(X500Name subject, KeyPair keys, boolean isAuthority, String ipAddress) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                AUTHORITY,
                BigInteger.valueOf(++serial),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plusSeconds(3600)),
                subject,
                keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (!ipAddress.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, ipAddress)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate())));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writePem(Path file, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
