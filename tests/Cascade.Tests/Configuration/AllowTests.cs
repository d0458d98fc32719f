using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Configuration;

/// <summary>What accounts allow, down a path that can only narrow.</summary>
public sealed class AllowTests
{
    [Fact]
    public void Build_RegionsTagsAndFilters_AreInTheModel()
    {
        var settings = WithRegions();
        settings["Cascade:Accounts:acme:Allow:Regions:0"] = "eu";
        settings["Cascade:Accounts:acme/search:Allow:Tags:0"] = "gdpr";
        settings["Cascade:Accounts:acme/search:Allow:Providers:0"] = "synthetic";
        settings["Cascade:Accounts:acme/search/*:Allow:Endpoints:0"] = "weak";

        var result = Settings.Build(settings);

        Assert.Empty(result.Problems);
        Assert.Equal(("eu", "gdpr"), (result.Model!.Endpoints["weak"].Region, Assert.Single(result.Model.Endpoints["weak"].Tags)));
        var path = result.Model.PathOf(new AccountId("acme/search/c42"));
        Assert.Equal(["acme/search/c42", "acme/search", "acme"], path.Select(level => level.Id.Value));
        Assert.Equal(["weak"], path[0].Allow!.Endpoints);
        Assert.Equal(["gdpr"], path[1].Allow!.Tags);
        Assert.Equal(["synthetic"], path[1].Allow!.Providers);
        Assert.Equal(["eu"], path[2].Allow!.Regions);
    }

    [Theory]
    [InlineData("acme:Allow:Endpoints:0", "weka", "is 'weka', which is no endpoint and no group; did you mean 'weak'?")]
    [InlineData("acme:Allow:Regions:0", "ue", "is 'ue', which is no region of an endpoint; did you mean 'eu'?")]
    [InlineData("acme:Allow:Tags:0", "gdrp", "is 'gdrp', which is no tag of an endpoint; did you mean 'gdpr'?")]
    [InlineData("acme:Allow:Providers:0", "synthetics", "is 'synthetics', which is no kind of provider; did you mean 'synthetic'?")]
    public void Build_NameThatNothingHas_IsSuggested(string key, string name, string problem)
    {
        var settings = WithRegions();
        settings["Cascade:Accounts:acme:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme:Caps:0:LimitUsd"] = "1";
        settings[$"Cascade:Accounts:{key}"] = name;

        Assert.Contains(Settings.Build(settings).Problems, p => p.StartsWith($"Cascade:Accounts:{key} {problem}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("acme/search")]
    [InlineData("acme/*")]
    public void Build_ChildAllowsWhatItsParentDoesNot_IsToldThatItIsInVain(string child)
    {
        var settings = WithRegions();
        settings["Cascade:Accounts:acme:Allow:Regions:0"] = "eu";
        settings[$"Cascade:Accounts:{child}:Allow:Endpoints:0"] = "weak";
        settings[$"Cascade:Accounts:{child}:Allow:Endpoints:1"] = "openai/strong@eastus";

        Assert.Equal(
            [$"Cascade:Accounts:{child}:Allow:Endpoints:1 is 'openai/strong@eastus', which an account above it does not allow; allow it there too, or remove it"],
            Settings.Build(settings).Problems);
    }

    [Fact]
    public void Build_FiltersThatLeaveNobody_AreRefusedWhereTheyAre()
    {
        var settings = WithRegions();
        settings["Cascade:Accounts:acme:Allow:Tags:0"] = "gdpr";
        settings["Cascade:Accounts:acme/search:Allow:Tags:0"] = "fast";
        settings["Cascade:Accounts:beta:Allow:Regions:0"] = "eu";
        settings["Cascade:Accounts:beta:Allow:Tags:0"] = "fast";

        Assert.Equal(
            [
                "Cascade:Accounts:acme/search:Allow leaves no endpoint to call of those that the accounts above it allow; allow more, or remove it",
                "Cascade:Accounts:beta:Allow leaves no endpoint to call; allow more, or remove it",
            ],
            Settings.Build(settings).Problems);
    }

    [Theory]
    [InlineData("Region", "e u", "Region is no word of at most 64 characters")]
    [InlineData("Tags:1", "two words", "Tags:1 is no word of at most 64 characters")]
    [InlineData("Tags:1", "", "Tags:1 is no word of at most 64 characters")]
    public void Build_LabelThatIsNoWord_IsRefused(string key, string value, string problem)
    {
        var settings = WithRegions();
        settings[$"Cascade:Endpoints:weak:{key}"] = value;

        Assert.StartsWith($"Cascade:Endpoints:weak:{problem}", Assert.Single(Settings.Build(settings).Problems), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> WithRegions()
    {
        var settings = Settings.Valid();
        settings["Cascade:Endpoints:weak:Region"] = "eu";
        settings["Cascade:Endpoints:weak:Tags:0"] = "gdpr";
        settings["Cascade:Endpoints:openai/strong@eastus:Region"] = "us";
        settings["Cascade:Endpoints:openai/strong@eastus:Tags:0"] = "fast";
        return settings;
    }
}
