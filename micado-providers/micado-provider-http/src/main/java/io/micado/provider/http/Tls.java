package io.micado.provider.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one state of the certificate files: whom to trust, and who we are. Made by {@link Connections} whenever a file has changed. Immutable.
 * The other side's certificate and host name are always checked.
 */
final class Tls {
    private final X509TrustManager trust;
    private final SSLSocketFactory sockets;

    private Tls(X509TrustManager trust, SSLSocketFactory sockets) {
        this.trust = trust;
        this.sockets = sockets;
    }

    /**
     * {@return TLS of these certificates}
     *
     * @param trust authorities in PEM; empty for the system's
     * @param identity certificate chain and key in PEM; empty for none
     */
    static Tls of(Optional<String> trust, Optional<String> identity) {
        try {
            X509TrustManager trustManager = trustManager(trust.map(pem -> Pem.certificates(pem, HttpSettings.CA_FILE))
                    .orElse(List.of()));
            KeyManager[] keys = identity.map(Tls::identity)
                    .map(key -> new KeyManager[] {key})
                    .orElse(new KeyManager[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trustManager}, null);
            return new Tls(trustManager, context.getSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static X509TrustManager trustManager(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.isEmpty() ? null : keyStore(authorities));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }

    private static KeyStore keyStore(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority " + i, authorities.get(i));
        }
        return store;
    }

    private static Identity identity(String pem) {
        String whatFor = "the client certificate";
        List<X509Certificate> chain = Pem.certificates(pem, whatFor);
        return new Identity(chain.toArray(new X509Certificate[0]), Pem.privateKey(pem, whatFor));
    }

    X509TrustManager trust() {
        return trust;
    }

    SSLSocketFactory sockets() {
        return sockets;
    }

    /**
     * The one identity that we have, whatever the other side asks for: the JDK's own choice leaves out proxy certificates, whose issuer
     * is no authority.
     */
    private static final class Identity extends X509ExtendedKeyManager {
        private static final String ALIAS = "client";

        private final X509Certificate[] chain;
        private final PrivateKey key;

        private Identity(X509Certificate[] chain, PrivateKey key) {
            this.chain = chain;
            this.key = key;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
