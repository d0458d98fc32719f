using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Cascade.Planning.Plans;

/// <summary>Turns the form of one version into that of the next.</summary>
/// <param name="From">The version it reads; it makes the next one.</param>
/// <param name="Apply">Changes the document; sees JSON that nothing has checked yet.</param>
internal sealed record PlanUpgrade(int From, Action<JsonObject> Apply);

/// <summary>How older forms are read.</summary>
internal static class PlanUpgrades
{
    /// <summary>One step per older version that is still read. Version 1 is the first, so there is none yet.</summary>
    public static ImmutableArray<PlanUpgrade> All { get; } = [];

    /// <summary>Brings a document to the current version.</summary>
    /// <exception cref="PlanFormatException">It has no version, or one that is not read.</exception>
    public static void Apply(JsonObject document, ImmutableArray<PlanUpgrade> upgrades)
    {
        const string Path = "$.schemaVersion";
        var oldest = upgrades.Select(upgrade => upgrade.From).Append(PlanDocument.CurrentVersion).Min();
        if (document["schemaVersion"] is not JsonValue value || !value.TryGetValue<int>(out var version))
        {
            throw new PlanFormatException([new PlanProblem(Path, $"is missing or no whole number; give the version of the form, {PlanDocument.CurrentVersion}")]);
        }

        if (version < oldest || version > PlanDocument.CurrentVersion)
        {
            var repair = version > PlanDocument.CurrentVersion ? "read it with a newer release" : "fit the plan again";
            throw new PlanFormatException(
                [new PlanProblem(Path, $"is {version}; this release reads {oldest} to {PlanDocument.CurrentVersion}: {repair}")]);
        }

        for (; version < PlanDocument.CurrentVersion; version++)
        {
            upgrades.Single(upgrade => upgrade.From == version).Apply(document);
            document["schemaVersion"] = version + 1;
        }
    }
}
