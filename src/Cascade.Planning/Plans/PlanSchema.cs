using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Cascade.Planning.Plans;

/// <summary>The form of plans as JSON Schema.</summary>
public static class PlanSchema
{
    /// <summary>Derives the schema from the types that are read.</summary>
    /// <returns>The schema; docs/formats/plan.schema.json is a copy.</returns>
    public static JsonNode Export()
    {
        var schema = PlanJson.Options.GetJsonSchemaAsNode(
            typeof(PlanDocument), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        schema["title"] = "Cascade plan document";
        return schema;
    }
}
