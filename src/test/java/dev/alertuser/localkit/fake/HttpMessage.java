package dev.alertuser.localkit.fake;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request or an answer in HTTP/1.1, as it goes over the wire. Immutable. */
public final class HttpMessage {
    private static final String LINE_END = "\r\n";

    /** Lines with their ends, without the empty one after them. */
    private final String head;

    private final byte[] body;

    private HttpMessage(String head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /**
     * An answer with a date and a length.
     *
     * @param headers names and values by turns
     */
    public static HttpMessage answer(int status, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpMessage answer = new HttpMessage("HTTP/1.1 " + status + " Answer" + LINE_END, bytes)
                .with("Date", "Thu, 01 Jan 2026 12:00:00 GMT")
                .with("Content-Length", Integer.toString(bytes.length));
        for (int i = 0; i < headers.length; i += 2) {
            answer = answer.with(headers[i], headers[i + 1]);
        }
        return answer;
    }

    /** Reads one with its body; empty at the end of the stream. */
    static Optional<HttpMessage> read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = readLine(in); !line.equals(LINE_END); line = readLine(in)) {
            if (line.isEmpty()) {
                return Optional.empty();
            }
            head.append(line);
        }
        HttpMessage message = new HttpMessage(head.toString(), new byte[0]);
        return Optional.of(new HttpMessage(message.head, message.readBody(in)));
    }

    private byte[] readBody(InputStream in) throws IOException {
        if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return readChunks(in);
        }
        int length = header("Content-Length").map(Integer::valueOf).orElse(0);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a body of " + length + " bytes ended after " + bytes.length);
        }
        return bytes;
    }

    /** With the lengths of the chunks, so that they can be written as they came. */
    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        int length;
        do {
            String line = readLine(in);
            length = Integer.parseInt(line.strip(), 16);
            chunks.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
            chunks.writeBytes(in.readNBytes(length + LINE_END.length()));
        } while (length > 0);
        return chunks.toByteArray();
    }

    /** With its end; less at the end of the stream. */
    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.append((char) next);
            if (next == '\n') {
                return line.toString();
            }
        }
        return line.toString();
    }

    /** The request line or the status line. */
    public String firstLine() {
        return head.substring(0, head.indexOf(LINE_END));
    }

    /** A header, whatever the case of its name. */
    public Optional<String> header(String name) {
        Matcher line = line(name).matcher(head);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /** The same with this header in place of one of that name. */
    public HttpMessage with(String name, String value) {
        String others = line(name).matcher(head).replaceAll("");
        return new HttpMessage(others + name + ": " + value + LINE_END, body);
    }

    private static Pattern line(String name) {
        return Pattern.compile("(?im)^" + Pattern.quote(name) + ": *(.*)\r\n");
    }

    void writeTo(OutputStream out) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes((head + LINE_END).getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(body);
        out.write(whole.toByteArray());
        out.flush();
    }
}
