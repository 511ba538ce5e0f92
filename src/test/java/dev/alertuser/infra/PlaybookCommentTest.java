package dev.alertuser.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The comment that the playbook writes: its expressions, evaluated as the engine of Logic Apps does. */
class PlaybookCommentTest {
    /** By Sentinel, of a comment. */
    private static final int LONGEST = 30_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> actions = WorkflowTemplate.workflowsOf(Repository.json(LogicAppsTest.PLAYBOOK))
            .get(0)
            .actions();

    private final ArrayNode results = JSON.createArrayNode();

    @Test
    void namesEachUser() throws Exception {
        found("jane", "da1");
        found("<O'Neil & Søn>", "da2");

        Document comment = comment();

        assertThat(comment.getElementsByTagName("tr").getLength()).isEqualTo(3);
        assertThat(comment.getDocumentElement().getTextContent())
                .contains("Users behind 2 Defender for Endpoint alert(s)", "jane", "<O'Neil & Søn>", "da2")
                .doesNotContain("more users");
    }

    @Test
    void saysThatThereIsNoUser() throws Exception {
        found("SYSTEM", "da1").withObject("/account").put("builtIn", true);

        assertThat(comment().getDocumentElement().getTextContent()).endsWith("left out:none");
    }

    /** The text is cut at the end of a row; within a tag, Sentinel would show a broken table. */
    @Test
    void holdsWholeRowsWhenThereAreMoreUsersThanFit() throws Exception {
        for (int i = 0; i < 1000; i++) {
            found("user-" + "x".repeat(i % 60), "da" + i);
        }

        Document comment = comment();

        assertThat(comment.getElementsByTagName("tr").getLength()).isBetween(300, 350);
        assertThat(comment.getDocumentElement().getTextContent())
                .endsWith("There are more users than a comment can hold.");
    }

    @Test
    void holdsUsersWhoseNamesAreLongerThanAComment() throws Exception {
        for (int i = 0; i < 30; i++) {
            found("<&>".repeat(20_000), "da" + i);
        }

        assertThat(comment().getElementsByTagName("tr").getLength()).isGreaterThan(10);
    }

    private ObjectNode found(String name, String alertId) {
        ObjectNode result = results.addObject().put("alertId", alertId).put("outcome", "found");
        result.putObject("account").put("Name", name).put("NTDomain", "CONTOSO");
        return result;
    }

    /** What the playbook would send, which must be well-formed and fit. */
    private Document comment() throws Exception {
        Map<String, JsonNode> values = new HashMap<>();
        values.put("body('Find_users')", JSON.createObjectNode().set("results", results));
        ArrayNode people = JSON.createArrayNode();
        for (JsonNode result : results) {
            if (evaluate("People", "/inputs/where", with(values, result)).booleanValue()) {
                people.add(result);
            }
        }
        values.put("body('People')", people);
        values.put("body('Table_of_users')", TextNode.valueOf(table(people, values)));
        values.put("outputs('Table_that_fits')", evaluate("Table_that_fits", "/inputs", values));
        String comment = evaluate("Add_comment_to_incident", "/inputs/body/message", values)
                .textValue();

        assertThat(comment).hasSizeLessThanOrEqualTo(LONGEST);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<comment>" + comment + "</comment>")));
    }

    /** As the engine makes it, which escapes what stands in the cells. */
    private String table(ArrayNode people, Map<String, JsonNode> values) {
        StringBuilder table = new StringBuilder("<table><thead><tr>");
        JsonNode columns = actions.get("Table_of_users").at("/inputs/columns");
        columns.forEach(column ->
                table.append("<th>").append(column.get("header").textValue()).append("</th>"));
        table.append("</tr></thead><tbody>");
        for (JsonNode person : people) {
            table.append("<tr>");
            columns.forEach(column -> table.append("<td>")
                    .append(escaped(
                            WorkflowExpression.evaluate(column.get("value").textValue(), with(values, person))
                                    .asText()))
                    .append("</td>"));
            table.append("</tr>");
        }
        return table.append("</tbody></table>").toString();
    }

    private JsonNode evaluate(String action, String pointer, Map<String, JsonNode> values) {
        return WorkflowExpression.evaluate(actions.get(action).at(pointer).textValue(), values);
    }

    private static Map<String, JsonNode> with(Map<String, JsonNode> values, JsonNode item) {
        Map<String, JsonNode> all = new HashMap<>(values);
        all.put("item()", item);
        return all;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;");
    }
}
