// Confluent's client and JSON serdes against the registry at argv[2]; any surprise ends it with 1.
const assert = require("node:assert/strict");
const { SchemaRegistryClient } = require("@confluentinc/schemaregistry/dist/schemaregistry-client.js");
const { JsonSerializer, JsonDeserializer } = require("@confluentinc/schemaregistry/dist/serde/json.js");
const { SerdeType } = require("@confluentinc/schemaregistry/dist/serde/serde.js");

const config = {
  baseURLs: [process.argv[2]],
  basicAuthCredentials: { credentialsSource: "USER_INFO", userInfo: "owner:write-token-1" },
  maxRetries: 0,
};
const fresh = () => new SchemaRegistryClient(config); // each has caches of its own
const json = (schema) => ({ schemaType: "JSON", schema: JSON.stringify(schema) });
const refused = async (call, status, code) => {
  const error = await call.then(() => assert.fail("was not refused"), (e) => e);
  assert.deepEqual([error.status, error.errorCode], [status, code], error.message);
  return error.message;
};

const closed = (properties) => ({ type: "object", properties, additionalProperties: false });
const v1 = json(closed({ sku: { type: "string" } }));
const v2 = json(closed({ sku: { type: "string" }, quantity: { type: "integer" } }));
const breaking = json({ ...closed({ sku: { type: "integer" } }), required: ["sku"] });

async function main() {
  const subject = "orders-value";

  const id = await fresh().register(subject, v1);
  assert.equal(await fresh().register(subject, v1), id, "the same schema again is the same id");
  assert.deepEqual(JSON.parse((await fresh().getBySubjectAndId(subject, id)).schema), JSON.parse(v1.schema));
  assert.equal(await fresh().getId(subject, v1), id);
  assert.equal(await fresh().getVersion(subject, v1), 1);

  assert.equal(await fresh().testSubjectCompatibility(subject, v2), true);
  const id2 = await fresh().register(subject, v2);
  assert.notEqual(id2, id);
  assert.deepEqual(await fresh().getAllVersions(subject), [1, 2]);
  assert.equal((await fresh().getLatestSchemaMetadata(subject)).version, 2);
  assert.equal((await fresh().getSchemaMetadata(subject, 1)).id, id);

  assert.equal(await fresh().testSubjectCompatibility(subject, breaking), false);
  const why = await refused(fresh().register(subject, breaking), 409, 40901);
  assert.match(why, /sku/, "the refusal names what is wrong");
  assert.deepEqual(await fresh().getAllVersions(subject), [1, 2]);

  assert.equal(await fresh().getDefaultCompatibility(), "BACKWARD");
  await refused(fresh().getCompatibility(subject), 404, 40408);
  await fresh().updateCompatibility(subject, "FULL_TRANSITIVE");
  assert.equal(await fresh().getCompatibility(subject), "FULL_TRANSITIVE");

  const topic = "orders";
  const serializer = new JsonSerializer(fresh(), SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true, validate: true });
  const bytes = await serializer.serialize(topic, { sku: "SKU-1", quantity: 2 });
  assert.deepEqual([bytes[0], bytes.readInt32BE(1)], [0, id2], "magic byte and id");
  const deserializer = new JsonDeserializer(fresh(), SerdeType.VALUE, {});
  assert.deepEqual(await deserializer.deserialize(topic, bytes), { sku: "SKU-1", quantity: 2 });
  await assert.rejects(serializer.serialize(topic, { sku: 1 }));

  await refused(fresh().deleteSubjectVersion(subject, 1, true), 404, 40407);
  assert.equal(await fresh().deleteSubjectVersion(subject, 1), 1);
  assert.deepEqual(await fresh().getAllVersions(subject), [2]);
  await refused(fresh().getSchemaMetadata(subject, 1), 404, 40402);
  assert.equal((await fresh().getSchemaMetadata(subject, 1, true)).id, id, "deleted softly");
  assert.equal(await fresh().deleteSubjectVersion(subject, 1, true), 1);
  await refused(fresh().getSchemaMetadata(subject, 1, true), 404, 40402);

  await refused(fresh().deleteSubject(subject, true), 404, 40405);
  assert.deepEqual(await fresh().deleteSubject(subject), [2]);
  assert.ok(!(await fresh().getAllSubjects()).includes(subject));
  assert.deepEqual(await deserializer.deserialize(topic, bytes), { sku: "SKU-1", quantity: 2 });
  assert.deepEqual(
    await new JsonDeserializer(fresh(), SerdeType.VALUE, {}).deserialize(topic, bytes),
    { sku: "SKU-1", quantity: 2 },
    "what was written with a deleted schema stays readable",
  );
  await refused(fresh().deleteSubject(subject), 404, 40404);
  assert.deepEqual(await fresh().deleteSubject(subject, true), [2]);
  await refused(fresh().getAllVersions(subject), 404, 40401);
  await refused(fresh().getBySubjectAndId(subject, id2), 404, 40403);
  console.log("ALL GOOD");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
