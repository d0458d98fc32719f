using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Cli.Plans;

/// <summary>JSON of plans: policies, scores and estimators carry their kind, which is their type's name in kebab case without the base's.</summary>
internal static class PlanJson
{
    private static readonly ImmutableArray<(Type Base, string Suffix)> Bases =
    [
        (typeof(PolicySpec), "Spec"), (typeof(ScoreModel), "Score"), (typeof(CalibrationMap), "Map"), (typeof(Estimator), "Estimator"),
    ];

    public static JsonSerializerOptions Options { get; } = new(CliJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddKinds, LeaveOutWhatIsComputed } },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static void AddKinds(JsonTypeInfo info)
    {
        foreach (var (type, suffix) in Bases.Where(b => b.Base == info.Type))
        {
            info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "is" };
            foreach (var derived in type.Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(type)).OrderBy(t => t.Name, StringComparer.Ordinal))
            {
                info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(derived, KindOf(derived, suffix)));
            }
        }
    }

    private static void LeaveOutWhatIsComputed(JsonTypeInfo info)
    {
        if (info.Type.Assembly != typeof(PolicySpec).Assembly)
        {
            return;
        }

        foreach (var property in info.Properties.Where(p => p.Set is null && p.AssociatedParameter is null).ToList())
        {
            info.Properties.Remove(property);
        }
    }

    private static string KindOf(Type type, string suffix) => JsonNamingPolicy.KebabCaseLower.ConvertName(
        type.Name.EndsWith(suffix, StringComparison.Ordinal) && type.Name.Length > suffix.Length ? type.Name[..^suffix.Length] : type.Name);
}
