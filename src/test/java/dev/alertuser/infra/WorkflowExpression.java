package dev.alertuser.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates expressions of Logic Apps, as far as the playbook uses the language. All arguments of a function are evaluated, those of {@code
 * if}, too, as the engine does.
 */
final class WorkflowExpression {
    private static final Pattern TOKEN = Pattern.compile("\\s*('(?:[^']|'')*'|\\d+|\\w+|\\?|\\S)");
    private static final Pattern EMBEDDED = Pattern.compile("@\\{((?:'(?:[^']|'')*'|[^'}])*)}");

    private final Matcher tokens;
    private final Map<String, JsonNode> values;
    private String token;

    private WorkflowExpression(String expression, Map<String, JsonNode> values) {
        this.tokens = TOKEN.matcher(expression);
        this.values = values;
        advance();
    }

    /**
     * @param text that is an expression, as in {@code @body('x')}, or holds some, as in {@code a@{body('x')}b}
     * @param values what calls return, by their text, as in {@code body('x')}
     */
    static JsonNode evaluate(String text, Map<String, JsonNode> values) {
        if (text.startsWith("@") && !text.startsWith("@{")) {
            return new WorkflowExpression(text.substring(1), values).expression();
        }
        return TextNode.valueOf(EMBEDDED.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(new WorkflowExpression(part.group(1), values)
                        .expression()
                        .asText())));
    }

    private JsonNode expression() {
        JsonNode value = operand();
        while (token.equals("?")) {
            take("?");
            take("[");
            value = step(value, operand());
            take("]");
        }
        return value;
    }

    private static JsonNode step(JsonNode value, JsonNode step) {
        JsonNode found = step.isInt() ? value.path(step.intValue()) : value.path(step.textValue());
        return found instanceof MissingNode ? NullNode.getInstance() : found;
    }

    private JsonNode operand() {
        String first = token;
        advance();
        if (first.startsWith("'")) {
            return TextNode.valueOf(first.substring(1, first.length() - 1).replace("''", "'"));
        }
        if (first.matches("\\d+")) {
            return IntNode.valueOf(Integer.parseInt(first));
        }
        if (first.matches("true|false")) {
            return BooleanNode.valueOf(Boolean.parseBoolean(first));
        }
        List<JsonNode> arguments = new ArrayList<>();
        take("(");
        while (!token.equals(")")) {
            arguments.add(expression());
            if (token.equals(",")) {
                take(",");
            }
        }
        take(")");
        return call(first, arguments);
    }

    private JsonNode call(String function, List<JsonNode> arguments) {
        String source = function + "("
                + (arguments.isEmpty() ? "" : "'" + arguments.get(0).asText() + "'") + ")";
        if (values.containsKey(source)) {
            return values.get(source);
        }
        JsonNode first = arguments.get(0);
        return switch (function) {
            case "if" -> arguments.get(first.booleanValue() ? 1 : 2);
            case "and" -> BooleanNode.valueOf(arguments.stream().allMatch(JsonNode::booleanValue));
            case "not" -> BooleanNode.valueOf(!first.booleanValue());
            case "equals" -> BooleanNode.valueOf(first.equals(arguments.get(1)));
            case "empty" -> BooleanNode.valueOf(length(first) == 0);
            case "lessOrEquals" ->
                BooleanNode.valueOf(first.intValue() <= arguments.get(1).intValue());
            case "length" -> IntNode.valueOf(length(first));
            case "max" ->
                IntNode.valueOf(Math.max(first.intValue(), arguments.get(1).intValue()));
            case "coalesce" ->
                arguments.stream()
                        .filter(argument -> !argument.isNull())
                        .findFirst()
                        .orElse(JsonNodeFactory.instance.nullNode());
            case "concat" ->
                TextNode.valueOf(arguments.stream().map(JsonNode::asText).reduce("", String::concat));
            case "take" ->
                TextNode.valueOf(
                        first.textValue().substring(0, Math.min(arguments.get(1).intValue(), length(first))));
            case "substring" -> {
                int start = arguments.get(1).intValue();
                yield TextNode.valueOf(first.textValue()
                        .substring(start, start + arguments.get(2).intValue()));
            }
            case "lastIndexOf" ->
                IntNode.valueOf(first.textValue()
                        .toLowerCase(Locale.ROOT)
                        .lastIndexOf(arguments.get(1).textValue().toLowerCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("function expected but found " + source);
        };
    }

    private static int length(JsonNode value) {
        return value.isTextual() ? value.textValue().length() : value.size();
    }

    private void take(String expected) {
        if (!token.equals(expected)) {
            throw new IllegalArgumentException(expected + " expected but found " + token);
        }
        advance();
    }

    private void advance() {
        token = tokens.find() ? tokens.group(1) : "";
    }
}
