package io.micado.provider.jclouds;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jclouds.http.HttpResponse;
import org.jclouds.io.Payload;
import org.jclouds.io.Payloads;

/** An answer that fails to be read beyond a length that no answer of a cloud has. Put around every answer by {@link GuardedHttp}. Not thread-safe. */
final class AnswerLimit extends FilterInputStream {
    /** As for the clouds over OkHttp. */
    static final long MOST_BYTES = 32L << 20;

    private long left;

    AnswerLimit(InputStream answer, long most) {
        super(answer);
        left = most;
    }

    /** {@return the same answer, limited} To set the payload of the given one would close its stream. */
    static HttpResponse around(HttpResponse response) throws IOException {
        Payload whole = response.getPayload();
        if (whole == null) {
            return response;
        }
        Payload limited = Payloads.newInputStreamPayload(new AnswerLimit(whole.openStream(), MOST_BYTES));
        limited.setContentMetadata(whole.getContentMetadata());
        return response.toBuilder().payload(limited).build();
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        count(next < 0 ? 0 : 1);
        return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        count(skipped);
        return skipped;
    }

    private void count(long bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("the answer is longer than any that makes sense");
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
