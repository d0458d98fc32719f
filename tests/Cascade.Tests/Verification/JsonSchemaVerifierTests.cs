using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class JsonSchemaVerifierTests
{
    private const string Person = """
        {"type":"object","required":["name","age"],"additionalProperties":false,
         "properties":{"name":{"type":"string","pattern":"^[A-Z][a-z]+$"},"age":{"$ref":"#/$defs/age"}},
         "$defs":{"age":{"type":"integer","minimum":0}}}
        """;

    [Theory]
    [InlineData("{\"name\":\"Ada\",\"age\":36}", 1.0)]
    [InlineData("{\"name\":\"ada\",\"age\":36}", 0.0, EvidenceCodes.SchemaMismatch)]
    [InlineData("{\"name\":\"Ada\",\"age\":-1}", 0.0, EvidenceCodes.SchemaMismatch)]
    [InlineData("{\"name\":\"Ada\"}", 0.0, EvidenceCodes.SchemaMismatch)]
    [InlineData("{\"name\":\"Ada\",\"age\":36,\"x\":1}", 0.0, EvidenceCodes.SchemaMismatch)]
    [InlineData("{\"name\":\"Ada\",\"age\":36", 0.0, EvidenceCodes.NotJson)]
    [InlineData("{'name':'Ada','age':36}", 0.0, EvidenceCodes.NotJson)]
    [InlineData("```json\n{\"name\":\"Ada\",\"age\":36}\n```", 0.0, EvidenceCodes.NotJson)]
    [InlineData("", 0.0, EvidenceCodes.NotJson)]
    public async Task VerifyAsync_Schema_HoldsTheAnswerToIt(string answer, double score, params string[] evidence)
    {
        var verdict = await Judge(new JsonSchemaVerifier(), answer, Person);
        Assert.Equal(score, verdict.Score);
        Assert.Equal(evidence, verdict.Evidence);
    }

    [Theory]
    [InlineData("{}", 1.0)]
    [InlineData("[]", 0.0, EvidenceCodes.NotJsonObject)]
    [InlineData("hello", 0.0, EvidenceCodes.NotJson)]
    public async Task VerifyAsync_AnyObjectAsked_ChecksForOne(string answer, double score, params string[] evidence)
    {
        var draft = Drafts.Of(answer) with { WantsJson = true };
        var verdict = await new JsonSchemaVerifier().VerifyAsync(draft, TestContext.Current.CancellationToken);
        Assert.Equal(score, verdict.Score);
        Assert.Equal(evidence, verdict.Evidence);
    }

    [Fact]
    public async Task VerifyAsync_NoJsonAsked_HasNoOpinion()
    {
        var verdict = await new JsonSchemaVerifier().VerifyAsync(Drafts.Of("{"), TestContext.Current.CancellationToken);
        Assert.False(verdict.HasOpinion);
        Assert.Empty(verdict.Evidence);
    }

    [Fact]
    public async Task VerifyAsync_UnusableSchema_HasNoOpinion()
    {
        var verdict = await Judge(new JsonSchemaVerifier(), "{}", "{\"type\":");
        Assert.False(verdict.HasOpinion);
        Assert.Equal([EvidenceCodes.SchemaInvalid], verdict.Evidence);
    }

    [Fact]
    public async Task VerifyAsync_ManySchemas_KeepsABoundedNumber()
    {
        var judge = new JsonSchemaVerifier(new VerifierLimits { SchemaCacheSize = 3 });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, (await Judge(judge, $"{{\"a{i}\":1}}", $"{{\"required\":[\"a{i}\"]}}")).Score);
        }

        Assert.Equal(3, judge.CachedSchemas);
    }

    /// <summary>A matcher that backtracks would need 2^5000 steps and never come back.</summary>
    [Fact]
    public async Task VerifyAsync_HostilePattern_ComesBack()
    {
        var schema = """{"type":"object","properties":{"a":{"type":"string","pattern":"^(a+)+$"}}}""";
        var answer = $$"""{"a":"{{new string('a', 5_000)}}!"}""";
        Assert.Equal(0, (await Judge(new JsonSchemaVerifier(), answer, schema)).Score);
    }

    [Fact]
    public async Task VerifyAsync_DeepOrLongAnswer_IsRefused()
    {
        var deep = new string('[', 100) + new string(']', 100);
        Assert.Equal([EvidenceCodes.NotJson], (await Judge(new JsonSchemaVerifier(), deep, "{}")).Evidence);
        var small = new JsonSchemaVerifier(new VerifierLimits { MaxAnswerChars = 5 });
        Assert.Equal([EvidenceCodes.TooLarge], (await Judge(small, "{     }", "{}")).Evidence);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{\"type\":", "is not JSON")]
    [InlineData("{\"type\":\"object\",\"type\":\"array\"}", "repeats a key")]
    [InlineData("{\"$ref\":\"http://example.org/schema.json\"}", "refers to another document")]
    [InlineData("{\"properties\":{\"a\":{\"$ref\":\"file:///etc/passwd\"}}}", "refers to another document")]
    [InlineData("{\"$ref\":\"#/$defs/missing\"}", "cannot be used")]
    [InlineData("{\"patternProperties\":{\"^a\":{}}}", "patternProperties")]
    [InlineData("{\"pattern\":\"(?=a)b\"}", "look-around")]
    [InlineData("{\"pattern\":\"(\"}", "regular expression")]
    [InlineData("{\"type\":\"nonsense\"}", "'type'")]
    [InlineData("{\"properties\":{\"a\":{\"type\":[\"string\",5]}}}", "'type'")]
    [InlineData("{\"properties\":{\"const\":{\"pattern\":\"(\"}}}", "regular expression")]
    public void TryParse_UnusableSchema_SaysWhy(string schema, string problem)
    {
        Assert.False(JsonSchemaCheck.TryParse(schema, out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLongOrDeep_SaysTheLimit()
    {
        Assert.False(JsonSchemaCheck.TryParse("{\"title\":\"long\"}", new VerifierLimits { MaxSchemaChars = 5 }, out var tooLong));
        Assert.Contains("at most 5", tooLong, StringComparison.Ordinal);
        var nested = string.Concat(Enumerable.Repeat("{\"not\":", 40)) + "{}" + new string('}', 40);
        Assert.False(JsonSchemaCheck.TryParse(nested, out var tooDeep));
        Assert.Contains("32 levels", tooDeep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Person)]
    [InlineData("{}")]
    [InlineData("{\"properties\":{\"type\":{\"type\":[\"string\",\"null\"]},\"pattern\":{},\"patternProperties\":{},\"$ref\":{}}}")]
    [InlineData("{\"const\":{\"type\":\"nonsense\",\"pattern\":\"(\"}}")]
    public void TryParse_GoodSchema_HasNoProblem(string schema)
    {
        Assert.True(JsonSchemaCheck.TryParse(schema, out var problem), problem);
        Assert.Equal("", problem);
    }

    private static async Task<Verdict> Judge(JsonSchemaVerifier judge, string answer, string schema) => await judge.VerifyAsync(
        Drafts.Of(answer) with { SchemaJson = schema, WantsJson = true }, TestContext.Current.CancellationToken);
}
