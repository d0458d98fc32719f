using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cascade.Planning.Plans;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Plans;

/// <summary>Whatever a file holds, it is a plan that can be made executable, or its problems are named.</summary>
public sealed class PlanFuzzTests
{
    private static readonly byte[] Sound = PlanJson.Write(PlanSamples.Pair);

    private static readonly string[] Values = ["null", "-1", "0", "7", "1e999", "\"Infinity\"", "\"NaN\"", "\"x\"", "[]", "{}", "true", "{\"$kind\":\"chain\"}", "[null]"];

    private static readonly Gen<byte[]> Edited = Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 4].Select(edits =>
    {
        var bytes = Sound.ToArray();
        foreach (var (at, value) in edits)
        {
            bytes[at % bytes.Length] = value;
        }

        return bytes;
    });

    private static readonly Gen<byte[]> Rewritten = Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, Values.Length]).Array[1, 3].Select(edits =>
    {
        var root = JsonNode.Parse(Sound)!;
        foreach (var (at, value) in edits)
        {
            var nodes = Nodes(root).ToList();
            Change(nodes[at % nodes.Count], value);
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    });

    private static readonly Gen<byte[]> Filled = Gen.Int.Select(seed =>
        JsonSerializer.SerializeToUtf8Bytes(new PlanFiller(seed).Fill<PlanDocument>() with { SchemaVersion = 1 }, PlanJson.Options));

    private static readonly Gen<byte[]> Whole = Gen.Int.Select(seed => PlanJson.Write(PlanSamples.Sound(seed)));

    private static readonly Gen<byte[]> Content = Gen.Frequency((1, Whole), (2, Edited), (4, Rewritten), (2, Filled), (1, Gen.Byte.Array[0, 50]));

    [Fact]
    public void Read_AnyBytes_IsAPlanOrNamesProblems() => Content.Sample(json => Assert.NotEqual(Result.None, Try(json)), iter: 3000);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = Content.Array[600].Single().GroupBy(Try).ToDictionary(group => group.Key, group => group.Count());

        Assert.All(
            new[] { Result.Plan, Result.NotJson, Result.NotOfTheForm, Result.NotSound },
            result => Assert.True(seen.GetValueOrDefault(result) > 10, $"{result}: {seen.GetValueOrDefault(result)} of 600"));
    }

    private static Result Try(byte[] json)
    {
        try
        {
            Assert.NotEmpty(PlanPolicy.Compile(PlanJson.Read(json)).Models);
            return Result.Plan;
        }
        catch (PlanFormatException exception)
        {
            Assert.All(exception.Problems, problem => Assert.True(problem.Path.StartsWith('$') && problem.Message.Length > 5, exception.Message));
            return exception.Message.StartsWith("$: is not JSON", StringComparison.Ordinal) ? Result.NotJson
                : exception.InnerException is not null ? Result.NotOfTheForm
                : Result.NotSound;
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode root)
    {
        IEnumerable<JsonNode?> children = root switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray list => list,
            _ => [],
        };
        return new[] { root }.Concat(children.OfType<JsonNode>().SelectMany(Nodes));
    }

    private static void Change(JsonNode node, int value)
    {
        var other = value < Values.Length ? JsonNode.Parse(Values[value]) : null;
        switch (node.Parent)
        {
            case JsonObject members when value == Values.Length:
                members.Remove(node.GetPropertyName());
                break;
            case JsonObject members:
                members[node.GetPropertyName()] = other;
                break;
            case JsonArray list:
                list[node.GetElementIndex()] = other;
                break;
            default:
                break;
        }
    }

    private enum Result
    {
        None,
        Plan,
        NotJson,
        NotOfTheForm,
        NotSound,
    }
}
