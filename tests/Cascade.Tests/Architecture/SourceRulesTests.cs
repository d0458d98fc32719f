using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class SourceRulesTests
{
    [Fact]
    public void Sources_OfTheTree_AreFound() => Assert.True(
        RepositoryTree.Sources.Count(file => file.IsProduct) >= 30 && RepositoryTree.Sources.Any(file => file.IsTest));

    [Fact]
    public void Namespaces_OfTheTree_FollowTheFolders() => Rule.Holds(RepositoryTree.Sources.SelectMany(SourceRules.CheckNamespace));

    [Fact]
    public void Sizes_OfTheTree_StayWithinTheLimits() => Rule.Holds(RepositoryTree.Sources.SelectMany(SourceRules.CheckSize));

    [Fact]
    public void Patterns_OfTheTree_AreNotBanned() => Rule.Holds(RepositoryTree.Sources.SelectMany(SourceRules.CheckPatterns));

    [Fact]
    public void Tests_OfTheTree_AreNotSkippedForGood() =>
        Rule.Holds(RepositoryTree.Sources.Where(file => file.IsTest).SelectMany(SourceRules.CheckTests));

    [Fact]
    public void Quarantine_OfTheTree_HasNotEnded()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

        Rule.Holds(RepositoryTree.Sources
            .Where(file => file.IsTest)
            .SelectMany(file => SourceRules.CheckQuarantine(file, today)));
    }

    [Fact]
    public void TelemetryNames_OfTheTree_AreConstants() =>
        Rule.Holds(RepositoryTree.Sources.Where(file => file.IsProduct).SelectMany(SourceRules.CheckInstruments));

    [Fact]
    public void StateWrites_OfTheTree_AreCommittedWrites() => Rule.Holds(RepositoryTree.Sources.SelectMany(SourceRules.CheckCommittedWrites));

    [Fact]
    public void GrainCalls_OfTheTree_FollowTheirDirection() => Rule.Holds(
        RepositoryTree.Sources.Where(file => file.IsProduct).SelectMany(SourceRules.CheckCallDirection));

    [Theory]
    [InlineData("src/Cascade.Budgets/Leases/Lease.cs", "namespace Cascade.Grains;")]
    [InlineData("src/Cascade.Budgets/Leases/Lease.cs", "namespace Cascade.Budgets.Accounts;")]
    [InlineData("src/Cascade.Budgets/Leases/Lease.cs", "namespace Cascade.BudgetsAndMore;")]
    [InlineData("src/Cascade.Budgets/Leases/Lease.cs", "class Lease { }")]
    public void CheckNamespace_WrongOrMissing_Fires(string path, string text) =>
        Assert.Single(SourceRules.CheckNamespace(new SourceFile(path, text)));

    [Theory]
    [InlineData("namespace Cascade.Budgets;")]
    [InlineData("namespace Cascade.Budgets.Leases;")]
    public void CheckNamespace_ProjectOrFolder_IsFine(string text) =>
        Assert.Empty(SourceRules.CheckNamespace(new SourceFile("src/Cascade.Budgets/Leases/Lease.cs", text)));

    [Fact]
    public void CheckSize_LongFile_Fires()
    {
        var text = "namespace X;\n" + new string('\n', SourceRules.MaxFileLines);

        Assert.Contains("501 lines", Assert.Single(SourceRules.CheckSize(Product(text))), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckSize_LongMethod_Fires()
    {
        var body = string.Concat(Enumerable.Repeat("        Call();\n", SourceRules.MaxMemberLines));
        var text = $"namespace X;\nclass C\n{{\n    void Short()\n    {{\n    }}\n\n    void Long()\n    {{\n{body}    }}\n}}\n";

        Assert.Contains("Long()", Assert.Single(SourceRules.CheckSize(Product(text))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await x.ConfigureAwait(false);")]
    [InlineData("var y = x.GetAwaiter().GetResult();")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("try { A(); } catch { }")]
    [InlineData("try { A(); } catch (Exception e) { /* never mind */ }")]
    [InlineData("try { A(); } catch (Exception) { // never mind\n }")]
    [InlineData("try { A(); } catch (IOException) { }")]
    [InlineData("try { A(); } catch (Exception e) when (e is A) { }")]
    [InlineData("// TODO later")]
    [InlineData("/* FIXME */")]
    [InlineData("#pragma warning disable")]
    [InlineData("async void Handle() { }")]
    public void CheckPatterns_BannedPattern_Fires(string code) => Assert.Single(SourceRules.CheckPatterns(Product(code)));

    [Theory]
    [InlineData("var s = \"x.ConfigureAwait(false) TODO\";")]
    [InlineData("// a catch { } in a comment says nothing")]
    [InlineData("try { A(); } catch (OperationCanceledException) { // the host is stopping\n }")]
    [InlineData("try { A(); } catch (Exception e) when (e is A or B) { // asked again later\n }")]
    [InlineData("try { A(); } catch (Exception e) when (e is A) { Log(e); } } catch (IOException) { // gone already\n }")]
    [InlineData("// Complete already.\nvar y = x.GetAwaiter().GetResult();")]
    [InlineData("var todo = 1;")]
    public void CheckPatterns_SameWordsElsewhere_IsFine(string code) => Assert.Empty(SourceRules.CheckPatterns(Product(code)));

    [Fact]
    public void CheckTests_SkippedFact_Fires() =>
        Assert.Single(SourceRules.CheckTests(Product("[Fact(Skip = \"flaky\")] public void A() { }")));

    [Theory]
    [InlineData("[Fact, Trait(\"Quarantine\", \"yes\"), Trait(\"QuarantineUntil\", \"2030-05-20\")] void A() { }", "QuarantineReason")]
    [InlineData("[Fact, Trait(\"Quarantine\", \"yes\"), Trait(\"QuarantineReason\", \"races\")] void A() { }", "QuarantineUntil")]
    [InlineData("[Trait(\"Quarantine\", \"yes\"), Trait(\"QuarantineReason\", \"r\"), Trait(\"QuarantineUntil\", \"2030-05-09\")] void A() { }", "ended")]
    [InlineData("[Trait(\"Quarantine\", \"yes\"), Trait(\"QuarantineReason\", \"r\"), Trait(\"QuarantineUntil\", \"2031-05-09\")] void A() { }", "30 days")]
    public void CheckQuarantine_EndedOrIncomplete_Fires(string code, string expected) => Assert.Contains(
        expected,
        Assert.Single(SourceRules.CheckQuarantine(Product(code), new DateOnly(2030, 5, 10))),
        StringComparison.Ordinal);

    [Fact]
    public void CheckQuarantine_RunningAndComplete_IsFine() => Assert.Empty(SourceRules.CheckQuarantine(
        Product("[Trait(\"Quarantine\", \"yes\"), Trait(\"QuarantineReason\", \"r\"), Trait(\"QuarantineUntil\", \"2030-05-11\")] void A() { }"),
        new DateOnly(2030, 5, 10)));

    [Theory]
    [InlineData("meter.CreateCounter<long>(\"cascade.requests\");")]
    [InlineData("activity?.SetTag(\"tenant\", x);")]
    [InlineData("var m = new Meter(\"Cascade\");")]
    [InlineData("var s = new ActivitySource($\"Cascade.{x}\");")]
    [InlineData("source.StartActivity(\"attempt\");")]
    [InlineData("tags = new TagList { { \"model\", x } };")]
    public void CheckInstruments_LiteralName_Fires(string code) => Assert.Single(SourceRules.CheckInstruments(Product(code)));

    [Fact]
    public void CheckInstruments_ConstantName_IsFine() =>
        Assert.Empty(SourceRules.CheckInstruments(Product("meter.CreateCounter<long>(MetricNames.Requests);")));

    [Fact]
    public void CheckCommittedWrites_DirectWrite_Fires()
    {
        const string Code = "await _state.WriteStateAsync(ct);";

        Assert.Single(SourceRules.CheckCommittedWrites(Grain(Code)));
        Assert.Empty(SourceRules.CheckCommittedWrites(new SourceFile("src/Cascade.Grains/State/CommittedState.cs", Code)));
    }

    [Theory]
    [InlineData("class TenantBudgetGrain : Grain, ITenantBudgetGrain { ICascadeRouterGrain _router; }")]
    [InlineData("class TenantBudgetGrain(IModelCaller caller) : Grain, ITenantBudgetGrain { }")]
    [InlineData("class ModelEndpointGrain : Grain, IModelEndpointGrain { void A() => Get<ITenantBudgetGrain>(); }")]
    public void CheckCallDirection_CallAgainstTheArrows_Fires(string code) => Assert.Single(SourceRules.CheckCallDirection(Grain(code)));

    [Fact]
    public void CheckCallDirection_RouterCallsABudget_IsFine() => Assert.Empty(SourceRules.CheckCallDirection(
        Grain("class CascadeRouterGrain : Grain, ICascadeRouterGrain { void A() => Get<ITenantBudgetGrain>(); }")));

    [Theory]
    [InlineData("P:System.Threading.Tasks.Task`1.Result")]
    [InlineData("M:System.Threading.Tasks.Task.Wait")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Guid.NewGuid")]
    [InlineData("P:System.Random.Shared")]
    [InlineData("T:Orleans.Concurrency.OneWayAttribute")]
    public void BannedSymbols_OfTheBuild_HoldTheBan(string symbol) => Assert.Contains(
        File.ReadAllLines(Path.Combine(RepositoryTree.Root, "BannedSymbols.txt")),
        line => line.StartsWith(symbol + ";", StringComparison.Ordinal));

    private static SourceFile Product(string code) => new("src/Cascade.Planning/X.cs", code);

    private static SourceFile Grain(string code) => new("src/Cascade.Grains/X.cs", code);
}
