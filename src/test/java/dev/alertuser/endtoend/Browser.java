package dev.alertuser.endtoend;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.localkit.process.NpmInstallation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, with a profile of its own, that remembers what it requested and complained of. */
final class Browser implements AutoCloseable {
    private static final Optional<Path> CHROMIUM = onThePath("chromium", "google-chrome");
    private static final Optional<Path> DRIVER = onThePath("chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static void assumeInstalled() {
        assumeLoudly(
                CHROMIUM.isPresent() && DRIVER.isPresent(),
                "the pages, since there is no Chromium with its driver; on Debian: "
                        + "apt-get install chromium chromium-driver");
    }

    private static Optional<Path> onThePath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start() throws IOException {
        Path profile = Files.createTempDirectory(Files.createDirectories(Path.of("target", "browser")), "profile");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.orElseThrow().toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=en-GB",
                "--user-data-dir=" + profile.toAbsolutePath());
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.orElseThrow().toFile())
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /**
     * Makes it what it was at its start, in a window of that width: with light pages, and with no requests and complaints to remember. So
     * several tests can use it one after the other.
     */
    void renew(int width) throws IOException {
        scheme("light");
        resize(width, 900);
        open("about:blank");
        forget();
    }

    void open(String url) {
        driver.get(url);
    }

    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", false));
    }

    void scheme(String lightOrDark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", lightOrDark))));
    }

    String text(String selector) {
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Runs a script that ends by calling its last argument. */
    Object runAsync(String script) {
        return driver.executeAsyncScript(script);
    }

    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    /** Replaces the text of a field as a paste does, which takes no time whatever its length. */
    void paste(String selector, String text) {
        run(
                "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                        + "field.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                text);
    }

    /** Lets pages read what they have copied, which a test has to. */
    void allowReadingTheClipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    void offline(boolean offline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Presses keys wherever the focus is, as a person without a mouse does. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses a key while another one is held. */
    void pressWith(Keys held, Keys key) {
        new Actions(driver).keyDown(held).sendKeys(key).keyUp(held).perform();
    }

    /** Waits until the page's element has a text of this form. */
    void await(String selector, String pattern) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!String.valueOf(run("return document.querySelector('" + selector + "')?.textContent"))
                .matches("(?s)" + pattern)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(selector + " is no " + pattern + " in: " + text("body"));
            }
            Thread.sleep(100);
        }
    }

    /** The whole page, as high as it is. */
    void screenshot(String name, int width) throws IOException {
        resize(width, 800);
        long height = (Long) run("return document.documentElement.scrollHeight");
        resize(width, (int) height);
        Path file = Files.createDirectories(Path.of("target", "screenshots")).resolve(name + ".png");
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What axe has against the page as it is shown now, from serious on. */
    List<String> graveFaults() throws IOException {
        driver.executeScript(Files.readString(NpmInstallation.of("axe").resolve(Path.of("axe-core", "axe.min.js"))));
        Object found = driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run().then(r => done(r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; '))),"
                + " e => done(['axe failed: ' + e]));");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private void forget() throws IOException {
        complaints();
        requests();
        complaints.clear();
        requests.clear();
    }

    /** Errors and warnings of the console so far. */
    List<String> complaints() {
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                complaints.add(entry.getMessage());
            }
        }
        return complaints;
    }

    /** URLs that the page asked for so far. */
    List<String> requests() throws IOException {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = new ObjectMapper().readTree(entry.getMessage()).get("message");
            JsonNode params = message.get("params");
            // The browser's own first page is none of ours.
            if (message.get("method").textValue().equals("Network.requestWillBeSent")
                    && !params.path("documentURL").asText().startsWith("chrome:")) {
                requests.add(params.get("request").get("url").textValue());
            }
        }
        return requests;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
