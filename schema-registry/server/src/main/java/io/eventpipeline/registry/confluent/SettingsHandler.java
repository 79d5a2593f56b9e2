package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.Grant;
import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.TextRules;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.Compatibility.Level;
import io.eventpipeline.registry.store.Compatibility.Policy;
import io.eventpipeline.registry.store.SubjectSettings;
import io.eventpipeline.registry.store.SubjectSettings.Mode;
import io.eventpipeline.schema.SchemaLimits;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /config} and {@code /mode}, for all subjects or for one. */
final class SettingsHandler {
  private static final Set<String> CONFIG =
      Set.of(
          "compatibility",
          "compatibilityLevel",
          "compatibilityPolicy",
          "normalize",
          "compatibilityGroup",
          "acceptMigrations"); // ours: the protocol has no word for it

  private static final int GROUP_CHARS_MAX = 128;

  private final SubjectSettings settings;
  private final Workers workers;

  SettingsHandler(SubjectSettings settings, Workers workers) {
    this.settings = settings;
    this.workers = workers;
  }

  void getConfig(RoutingContext ctx) {
    String subject = subject(ctx);
    boolean orGlobal = subject.isEmpty() || Query.flag(ctx, "defaultToGlobal");
    workers.run(
        ctx,
        () ->
            orGlobal
                ? settings.compatibilityInForce(subject)
                : settings
                    .compatibility(subject)
                    .orElseThrow(
                        () ->
                            new ConfluentError(
                                ErrorCode.NO_SUBJECT_COMPATIBILITY,
                                "Subject '"
                                    + subject
                                    + "' does not have subject-level compatibility configured")),
        found -> Documents.send(ctx, config(found)));
  }

  /** Answers what was asked, as the protocol has it. */
  void putConfig(RoutingContext ctx) {
    String subject = changeable(ctx);
    ObjectNode body = JsonBody.object(JsonBody.bytes(ctx));
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          Compatibility wanted = readConfig(body, settings.compatibilityInForce(subject));
          settings.setCompatibility(subject, wanted, new Change(grant.user(), ""));
          return body;
        },
        echo -> Documents.send(ctx, echo));
  }

  void deleteConfig(RoutingContext ctx) {
    String subject = changeable(ctx);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          Optional<Compatibility> before = settings.compatibility(subject);
          if (before.isEmpty() && !subject.isEmpty()) {
            throw ConfluentError.unknownSubject(subject);
          }
          settings.clearCompatibility(subject, new Change(grant.user(), ""));
          return before.orElse(Compatibility.INITIAL);
        },
        before -> Documents.send(ctx, config(before)));
  }

  void getMode(RoutingContext ctx) {
    String subject = subject(ctx);
    boolean orGlobal = subject.isEmpty() || Query.flag(ctx, "defaultToGlobal");
    workers.run(
        ctx,
        () ->
            orGlobal
                ? settings.modeInForce(subject)
                : settings
                    .mode(subject)
                    .orElseThrow(
                        () ->
                            new ConfluentError(
                                ErrorCode.NO_SUBJECT_MODE,
                                "Subject '"
                                    + subject
                                    + "' does not have subject-level mode configured")),
        found -> Documents.send(ctx, mode(found)));
  }

  void putMode(RoutingContext ctx) {
    String subject = changeable(ctx);
    Mode wanted =
        readMode(JsonBody.object(JsonBody.bytes(ctx)).path("mode").asString(""), subject.isEmpty());
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          settings.setMode(subject, wanted, new Change(grant.user(), ""));
          return wanted;
        },
        echo -> Documents.send(ctx, mode(echo)));
  }

  void deleteMode(RoutingContext ctx) {
    String subject = changeable(ctx);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          Optional<Mode> before = settings.mode(subject);
          if (before.isEmpty() && !subject.isEmpty()) {
            throw ConfluentError.unknownSubject(subject);
          }
          settings.clearMode(subject, new Change(grant.user(), ""));
          return before.orElse(Mode.READWRITE);
        },
        before -> Documents.send(ctx, mode(before)));
  }

  /** The subject of the path, {@link SubjectSettings#ALL} when it names none. */
  private static String subject(RoutingContext ctx) {
    String subject = ctx.pathParam("subject") == null ? SubjectSettings.ALL : Query.subject(ctx);
    if (!TextRules.isStorable(subject)) {
      throw new ConfluentError(
          ErrorCode.INVALID_SUBJECT, "The name of a subject must not contain U+0000");
    }
    return subject;
  }

  private static String changeable(RoutingContext ctx) {
    String subject = subject(ctx);
    if (subject.isEmpty()) {
      Access.grant(ctx).requireEverything();
    } else if (!SchemaLimits.isType(subject)) {
      throw new ConfluentError(
          ErrorCode.INVALID_SUBJECT, "'" + subject + "' cannot be the name of a subject");
    }
    return subject;
  }

  /** What is not given stays as it is in force. */
  private static Compatibility readConfig(ObjectNode body, Compatibility inForce) {
    for (String name : body.propertyNames()) {
      if (!CONFIG.contains(name)) {
        throw new ConfluentError(
            ErrorCode.UNKNOWN_FIELD, "'" + name + "' is not a setting of this registry");
      }
    }
    String level =
        body.path("compatibility").asString(body.path("compatibilityLevel").asString(""));
    String policy = body.path("compatibilityPolicy").asString("");
    String group = body.path("compatibilityGroup").asString(inForce.group());
    if (body.isEmpty()) {
      throw invalidLevel("compatibility must be there");
    }
    if (group.length() > GROUP_CHARS_MAX || !TextRules.isStorable(group)) {
      throw invalidLevel(
          "compatibilityGroup must have at most "
              + GROUP_CHARS_MAX
              + " characters, and none of them U+0000");
    }
    return new Compatibility(
        level.isEmpty() ? inForce.level() : value(Level.class, level),
        policy.isEmpty() ? inForce.policy() : value(Policy.class, policy),
        body.path("normalize").asBoolean(inForce.normalize()),
        group,
        body.path("acceptMigrations").asBoolean(inForce.acceptMigrations()));
  }

  private static <E extends Enum<E>> E value(Class<E> type, String name) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(name.toUpperCase(Locale.ROOT))) {
        return value;
      }
    }
    throw invalidLevel(
        "Invalid compatibility level or policy '"
            + name
            + "'. Valid values are "
            + Arrays.toString(type.getEnumConstants()));
  }

  private static ConfluentError invalidLevel(String message) {
    return new ConfluentError(ErrorCode.INVALID_COMPATIBILITY_LEVEL, message);
  }

  private static Mode readMode(String name, boolean all) {
    for (Mode mode : Mode.values()) {
      if (mode.name().equals(name.toUpperCase(Locale.ROOT))
          && (all || mode != Mode.READONLY_OVERRIDE)) {
        return mode;
      }
    }
    throw new ConfluentError(
        ErrorCode.INVALID_MODE,
        "Invalid mode '"
            + name
            + "'. Valid values are READWRITE and READONLY, and for all subjects"
            + " READONLY_OVERRIDE; this registry neither imports nor forwards");
  }

  private static ObjectNode config(Compatibility found) {
    ObjectNode node =
        Documents.object()
            .put("compatibilityLevel", found.level().name())
            .put("compatibilityPolicy", found.policy().name());
    if (found.normalize()) {
      node.put("normalize", true);
    }
    if (found.acceptMigrations()) {
      node.put("acceptMigrations", true);
    }
    return found.group().isEmpty() ? node : node.put("compatibilityGroup", found.group());
  }

  private static ObjectNode mode(Mode mode) {
    return Documents.object().put("mode", mode.name());
  }
}
