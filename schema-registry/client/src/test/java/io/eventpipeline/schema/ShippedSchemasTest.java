package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ShippedSchemasTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> TYPES =
      List.of(
          "product.viewed",
          "cart.viewed",
          "cart.item_added",
          "cart.item_removed",
          "cart.quantity_changed",
          "cart.coupon_applied",
          "checkout.started",
          "checkout.step_completed",
          "order.completed",
          "cart.abandoned");

  @TestFactory
  Stream<DynamicTest> carriesExamplesThatAreValidAndMistakesThatAreNot() {
    return TYPES.stream()
        .map(type -> DynamicTest.dynamicTest(type, () -> checkExamplesAndMistakes(type)));
  }

  private static void checkExamplesAndMistakes(String type) throws Exception {
    JsonNode document = document(type);
    CompiledSchema schema = compile(type);
    assertThat(document.path("examples")).hasSizeGreaterThanOrEqualTo(1);
    for (JsonNode example : document.path("examples")) {
      assertThat(schema.validate(example)).as("%s %s", type, example).isEmpty();
      for (JsonNode required : document.path("required")) {
        ObjectNode lacking = ((ObjectNode) example).deepCopy();
        lacking.remove(required.asString());
        assertThat(schema.validate(lacking))
            .as("%s without %s", type, required)
            .anySatisfy(v -> assertThat(v.keyword()).isEqualTo("required"));
      }
      for (String member : example.propertyNames()) {
        ObjectNode wrong = ((ObjectNode) example).deepCopy();
        wrong.putArray(member).add(true);
        assertThat(schema.validate(wrong)).as("%s with a bad %s", type, member).isNotEmpty();
      }
      ObjectNode misspelt = ((ObjectNode) example).deepCopy();
      misspelt.put("quantiy", 1);
      assertThat(schema.validate(misspelt))
          .extracting(Violation::keyword)
          .containsExactly("additionalProperties");
    }
    assertThat(schema.validate(JSON.readTree("[]"))).isNotEmpty();
    assertThat(schema.validate(JSON.nullNode())).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cart.item_added | {'sku':'S','quantity':0,'unit_price':1,'currency':'EUR'} | /quantity",
        "cart.item_added | {'sku':'S','quantity':-2,'unit_price':1,'currency':'EUR'} | /quantity",
        "cart.item_added | {'sku':'S','quantity':1.5,'unit_price':1,'currency':'EUR'} | /quantity",
        "cart.item_added | {'sku':'S','quantity':'2','unit_price':1,'currency':'EUR'} | /quantity",
        "cart.item_added | {'sku':'','quantity':1,'unit_price':1,'currency':'EUR'} | /sku",
        "cart.item_added | {'quantity':1,'unit_price':1,'currency':'EUR'} | /sku",
        "cart.item_added | {'sku':'S','quantity':1,'unit_price':-1,'currency':'EUR'} | /unit_price",
        "cart.item_added | {'sku':'S','quantity':1,'unit_price':1,'currency':'eur'} | /currency",
        "cart.item_added | {'sku':'S','quantity':1,'unit_price':1,'currency':'EURO'} | /currency",
        "cart.item_added | {'sku':'S','quantity':1,'unit_price':1,'currency':'€'} | /currency",
        "product.viewed | {'sku':'S','unit_price':1} | /unit_price",
        "cart.coupon_applied | {'coupon_code':'X'} | /discount_amount",
        "order.completed | {'order_id':'o','items':[],'total':1,'currency':'EUR'} | /items",
        "order.completed | {'order_id':'o','items':[{'sku':'S','quantity':1}],'total':1,"
            + "'currency':'EUR'} | /items/0/unit_price",
        "cart.abandoned | {'item_count':1,'cart_value':1,'currency':'EUR',"
            + "'last_activity_at':'yesterday'} | /last_activity_at"
      })
  void refusesTheUsualMistakesAtTheirPlace(String type, String data, String pointer)
      throws Exception {
    JsonNode json = JSON.readTree(data.replace('\'', '"'));

    assertThat(compile(type).validate(json)).extracting(Violation::pointer).contains(pointer);
  }

  private static CompiledSchema compile(String type) throws SchemaRejectedException {
    return CompiledSchema.compile(1, type, 1, document(type));
  }

  static JsonNode document(String type) {
    try (InputStream in =
        ShippedSchemasTest.class.getResourceAsStream("/schemas/" + type + ".json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
