package dev.alertuser.functions.operate;

import dev.alertuser.functions.http.Resources;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The release that runs, as the build wrote it into the package.
 *
 * @param version of the Maven project
 * @param commit 40 hexadecimal digits, with {@code -dirty} behind them if files differed from it; {@code unknown} if the build found no Git
 *     repository
 */
record Release(String version, String commit) {

    static Release packaged() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Resources.text(Release.class, "/release.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Release(properties.getProperty("version"), properties.getProperty("commit"));
    }
}
