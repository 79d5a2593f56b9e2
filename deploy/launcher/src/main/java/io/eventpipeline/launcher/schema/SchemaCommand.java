package io.eventpipeline.launcher.schema;

import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.schema.RegistryApi.Reply;
import io.eventpipeline.launcher.schema.RegistryApi.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code schema list|get|check|register|plan}: text for people, or with {@code --json} the
 * registry's answer as it came.
 *
 * <p>Exit code 0 when all is well; 1 when the schema is incompatible, invalid, too large or not
 * there, lacks columns, rejects stored events that are accepted today, or comes with a migration
 * that fails; 2 when that is not known: the command line is wrong, the token is refused, no
 * registry answers, or a sample ended before all of its events were tried.
 */
public final class SchemaCommand {
  /** So that a token need not stand on a command line, where every user of the machine sees it. */
  public static final String TOKEN_VARIABLE = "SCHEMA_REGISTRY_TOKEN";

  private static final int REFUSED = 1;
  private static final int NOT_DONE = 2;

  private static final Map<String, Set<String>> VALUED =
      Map.of(
          "list", Set.of("--type", "--status"),
          "get", Set.of(),
          "check",
              Set.of(
                  "--sample", "--level", "--policy", "--references", "--migration", "--supersedes"),
          "register",
              Set.of("--description", "--reason", "--references", "--migration", "--supersedes"),
          "plan", Set.of("--references"));

  private static final Map<String, Set<String>> FLAGS =
      Map.of("register", Set.of("--draft"), "plan", Set.of("--apply"));

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** What stands below {@code /schemas} in the registry and is no event type. */
  private static final Set<String> RESERVED = Set.of("ids", "guids", "types");

  private static final Pattern VERSION = Pattern.compile("([^/]+)/([0-9]{1,9}|latest)");
  private static final Pattern REFERENCE = Pattern.compile("([^=]+)=([^/]+)/([0-9]{1,9})");

  private final String verb;
  private final Options options;
  private final URI registry;
  private final String token;

  private SchemaCommand(String verb, Options options, URI registry, String token) {
    this.verb = verb;
    this.options = options;
    this.registry = registry;
    this.token = token;
  }

  /**
   * Reads the arguments.
   *
   * @param localRegistry where the registry of the local stack listens
   * @param localToken its token, which is sent nowhere else
   * @throws UsageException when they are wrong
   */
  public static SchemaCommand parse(
      List<String> args, Map<String, String> environment, URI localRegistry, String localToken) {
    if (args.isEmpty() || !VALUED.containsKey(args.get(0))) {
      throw new UsageException("schema takes list, get, check, register or plan");
    }
    String verb = args.get(0);
    Set<String> valued = new HashSet<>(VALUED.get(verb));
    valued.addAll(Set.of("--registry", "--token"));
    Set<String> flags = new HashSet<>(FLAGS.getOrDefault(verb, Set.of()));
    flags.add("--json");
    Options options = Options.parse("schema " + verb, args.subList(1, args.size()), flags, valued);
    requirePositionals(verb, options.positionals().size());
    boolean elsewhere = options.value("--registry").isPresent();
    String token =
        options
            .value("--token")
            .orElse(environment.getOrDefault(TOKEN_VARIABLE, elsewhere ? "" : localToken));
    if (token.isEmpty()) {
      throw new UsageException("--registry needs --token, or " + TOKEN_VARIABLE);
    }
    URI registry = options.value("--registry").map(SchemaCommand::uri).orElse(localRegistry);
    return new SchemaCommand(verb, options, registry, token);
  }

  private static void requirePositionals(String verb, int given) {
    switch (verb) {
      case "list" -> require(given == 0, "schema list takes no arguments");
      case "get" -> require(given == 1, "schema get takes TYPE or TYPE/VERSION");
      default ->
          require(given == 2, "schema " + verb + " takes TYPE and a FILE, - for standard input");
    }
  }

  private static void require(boolean right, String message) {
    if (!right) {
      throw new UsageException(message);
    }
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("--registry must be http://HOST:PORT, was " + text);
    }
    throw new UsageException("--registry must be http://HOST:PORT, was " + text);
  }

  /**
   * Does it.
   *
   * @param in where {@code -} is read from
   * @return the exit code
   */
  public int run(InputStream in, PrintStream out, PrintStream err) throws InterruptedException {
    RegistryApi api = new RegistryApi(registry, token);
    try {
      return switch (verb) {
        case "list" -> list(api, out, err);
        case "get" -> get(api, out, err);
        case "check" -> check(api, in, out, err);
        case "register" -> register(api, in, out, err);
        default -> plan(api, in, out, err);
      };
    } catch (UnreachableException e) {
      err.println("deploy/local: " + e.getMessage());
      return NOT_DONE;
    } catch (NotJsonException e) {
      err.println("deploy/local: " + e.getMessage());
      return REFUSED;
    }
  }

  private int list(RegistryApi api, PrintStream out, PrintStream err)
      throws UnreachableException, InterruptedException {
    List<JsonNode> schemas = new ArrayList<>();
    String after = "";
    do {
      Reply page =
          api.get(
              "/schemas?limit=100"
                  + parameter("type", options.value("--type").orElse(""))
                  + parameter("status", options.value("--status").orElse(""))
                  + after);
      if (page.status() != 200) {
        return refused(page, out, err);
      }
      page.json().path("schemas").forEach(schemas::add);
      JsonNode next = page.json().path("next");
      after = next.isString() ? parameter("after", next.asString()) : "";
    } while (!after.isEmpty());
    if (options.has("--json")) {
      ObjectNode all = RegistryApi.JSON.createObjectNode();
      schemas.forEach(all.putArray("schemas")::add);
      out.println(all);
    } else {
      SchemaText.list(schemas, out);
    }
    return 0;
  }

  private int get(RegistryApi api, PrintStream out, PrintStream err)
      throws UnreachableException, InterruptedException {
    String name = options.positionals().get(0);
    Matcher version = VERSION.matcher(name);
    String path =
        version.matches()
            ? "/schemas/" + type(version.group(1)) + "/" + version.group(2)
            : "/schemas/" + type(name) + "/latest";
    Reply reply = api.get(path);
    if (reply.status() != 200) {
      return refused(reply, out, err);
    }
    if (options.has("--json")) {
      out.println(reply.text());
    } else {
      out.println(reply.json().path("schema").toPrettyString());
    }
    return 0;
  }

  private int check(RegistryApi api, InputStream in, PrintStream out, PrintStream err)
      throws UnreachableException, NotJsonException, InterruptedException {
    ObjectNode body = body(in);
    options.value("--level").ifPresent(level -> body.put("level", level));
    options.value("--policy").ifPresent(policy -> body.put("policy", policy));
    evolution(body);
    String sample = options.value("--sample").map(text -> "?sample=" + encoded(text)).orElse("");
    Reply reply = api.post("/schemas/" + type() + "/check" + sample, body);
    if (reply.status() != 200) {
      return refused(reply, out, err);
    }
    if (options.has("--json")) {
      out.println(reply.text());
    } else {
      SchemaText.check(reply.json(), out);
    }
    JsonNode tried = reply.json().path("sample");
    boolean rejectsMore =
        tried.path("rejected").asLong(0) > tried.path("rejected_already").asLong(0);
    boolean migrates = reply.json().path("migration").path("works").asBoolean(true);
    boolean compatible = reply.json().path("compatible").asBoolean(false);
    if (!compatible || !migrates || rejectsMore) {
      return REFUSED;
    }
    // What was not tried may be rejected: no green light for CI
    return tried.path("complete").asBoolean(true) ? 0 : NOT_DONE;
  }

  private int register(RegistryApi api, InputStream in, PrintStream out, PrintStream err)
      throws UnreachableException, NotJsonException, InterruptedException {
    ObjectNode body = body(in);
    body.put("type", type());
    options.value("--description").ifPresent(text -> body.put("description", text));
    options.value("--reason").ifPresent(text -> body.put("reason", text));
    evolution(body);
    if (options.has("--draft")) {
      body.put("status", "draft");
    }
    Reply reply = api.post("/schemas", body);
    if (reply.status() != 200 && reply.status() != 201) {
      return refused(reply, out, err);
    }
    if (options.has("--json")) {
      out.println(reply.text());
    } else {
      SchemaText.registered(reply.json(), reply.status() == 201, out);
    }
    return 0;
  }

  private int plan(RegistryApi api, InputStream in, PrintStream out, PrintStream err)
      throws UnreachableException, NotJsonException, InterruptedException {
    String apply = options.has("--apply") ? "?apply=true" : "";
    Reply reply = api.post("/schemas/" + type() + "/plan" + apply, body(in));
    if (reply.status() != 200) {
      return refused(reply, out, err);
    }
    if (options.has("--json")) {
      out.println(reply.text());
    } else {
      SchemaText.plan(reply.json(), out);
    }
    return reply.json().path("ready").asBoolean(false) ? 0 : REFUSED;
  }

  /** Shows a problem document, in JSON on standard output, too, as that is what is asked for. */
  private int refused(Reply reply, PrintStream out, PrintStream err) {
    if (options.has("--json")) {
      out.println(reply.text());
    } else {
      SchemaText.problem(reply.json(), err);
    }
    return switch (reply.status()) {
      case 404, 409, 412, 413, 422 -> REFUSED;
      default -> NOT_DONE;
    };
  }

  /** How events of earlier versions are to be read, for what checks and what registers alike. */
  private void evolution(ObjectNode body) {
    options.value("--migration").ifPresent(file -> body.put("migration", text(file)));
    options.value("--supersedes").ifPresent(text -> body.put("supersedes", version(text)));
  }

  private String type() {
    return type(options.positionals().get(0));
  }

  private static String type(String text) {
    if (!TYPE.matcher(text).matches()) {
      throw new UsageException("'" + text + "' cannot be the name of an event type");
    }
    if (RESERVED.contains(text)) {
      throw new UsageException("'" + text + "' is reserved: no event type has this name");
    }
    return text;
  }

  /** What was to be a schema is no JSON. */
  private static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException(String message) {
      super(message);
    }
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UsageException("cannot read " + file + ": " + e);
    }
  }

  private static int version(String text) {
    require(text.matches("[1-9][0-9]{0,8}"), "--supersedes takes the number of a version");
    return Integer.parseInt(text);
  }

  private ObjectNode body(InputStream in) throws NotJsonException {
    String file = options.positionals().get(1);
    ObjectNode body = RegistryApi.JSON.createObjectNode();
    try {
      byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
      JsonNode schema = RegistryApi.JSON.readTree(bytes);
      if (schema.isMissingNode()) {
        throw new NotJsonException(file + " is empty");
      }
      body.set("schema", schema);
    } catch (IOException e) {
      throw new UsageException("cannot read " + file + ": " + e);
    } catch (JacksonException e) {
      throw new NotJsonException(
          file
              + " is not JSON, line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage());
    }
    for (String text :
        options.value("--references").map(all -> all.split(",")).orElse(new String[0])) {
      Matcher reference = REFERENCE.matcher(text);
      if (!reference.matches()) {
        throw new UsageException("--references are NAME=TYPE/VERSION,..., was " + text);
      }
      body.withArrayProperty("references")
          .addObject()
          .put("name", reference.group(1))
          .put("type", reference.group(2))
          .put("version", Integer.parseInt(reference.group(3)));
    }
    return body;
  }

  private static String parameter(String name, String value) {
    return value.isEmpty() ? "" : "&" + name + "=" + encoded(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
