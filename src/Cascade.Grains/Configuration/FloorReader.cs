using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Configuration;

/// <summary>Puts an account's floors to the hard caps of their windows.</summary>
internal sealed class FloorReader(List<string> problems)
{
    public ImmutableArray<WindowCap> Read(string path, AccountConfig config, ImmutableArray<WindowCap> caps)
    {
        var floors = new List<(WindowKind Window, CapFloor Floor)>();
        for (var i = 0; i < config.Floors.Count; i++)
        {
            if (ReadFloor($"{path}:{nameof(config.Floors)}:{i}", config.Floors[i], caps) is { } floor)
            {
                floors.Add(floor);
            }
        }

        if (floors.Count == 0)
        {
            return caps;
        }

        ImmutableArray<WindowCap> withFloors =
        [
            .. caps.Select(cap => cap.Hard ? cap with { Floors = [.. floors.Where(f => f.Window == cap.Window).Select(f => f.Floor)] } : cap),
        ];
        problems.AddRange(withFloors.Where(cap => cap.Floors.Length > 0).SelectMany(cap => WindowCapValidator.Check(path, cap)));
        return withFloors;
    }

    private (WindowKind Window, CapFloor Floor)? ReadFloor(string path, FloorConfig config, ImmutableArray<WindowCap> caps)
    {
        var count = problems.Count;
        if (config.Child.Contains('/', StringComparison.Ordinal) || !AccountId.TryParse(config.Child, out _, out _))
        {
            problems.Add($"{path}:{nameof(config.Child)} is '{config.Child}'; write the last segment of the child's path, for example 'search'");
        }

        var window = AccountReader.WindowOf(config.Window);
        if (window is null || !caps.Any(cap => cap.Hard && cap.Window == window))
        {
            problems.Add($"{path}:{nameof(config.Window)} is '{config.Window}', but the account has no hard cap on such a window; name one that it has");
        }

        if (!MoneyText.TryParse(config.AmountUsd, out var amount, out var problem))
        {
            problems.Add($"{path}:{nameof(config.AmountUsd)} {problem}");
        }

        return problems.Count > count ? null : (window!.Value, new CapFloor(config.Child, amount));
    }
}
