package io.micado.internal.act;

import io.micado.api.worker.WorkerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Makes worker ids that are never made twice: from this program's own unique name and a counter, hashed so that they are
 * short, fit for a host name and tell nothing. Confined to the loop thread.
 */
final class WorkerIds {
    private static final int HASH_CHARACTERS = 12;

    private final String holder;
    private long made;

    /** Creates a maker; no two programs have the same holder name. */
    WorkerIds(String holder) {
        this.holder = holder;
    }

    WorkerId next() {
        made++;
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((holder + "/" + made).getBytes(StandardCharsets.UTF_8));
            return new WorkerId("w" + HexFormat.of().formatHex(hash).substring(0, HASH_CHARACTERS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
