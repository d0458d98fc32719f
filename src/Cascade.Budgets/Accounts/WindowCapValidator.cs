using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Checks what a human typed for a cap.</summary>
public static class WindowCapValidator
{
    /// <summary>Checks a cap.</summary>
    /// <param name="path">Where the cap stands, for example <c>Accounts:acme:Caps:0</c>; every problem starts with it.</param>
    /// <param name="cap">The cap.</param>
    /// <returns>Every problem: the field, what is wrong with its value, and the repair. Empty when the cap is valid.</returns>
    public static IEnumerable<string> Check(string path, WindowCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        if (cap.Window == WindowKind.None || !Enum.IsDefined(cap.Window))
        {
            yield return $"{path}:Window is '{cap.Window}'; use Hour, Day, Week, Month, Total or Rolling";
        }

        if (cap.Limit < Money.Zero)
        {
            yield return $"{path}:Limit is {cap.Limit}; use zero or more";
        }

        if (cap.Limit.Nanos > LedgerLimits.MaxAmountNanos)
        {
            yield return $"{path}:Limit is {cap.Limit}; use at most {new Money(LedgerLimits.MaxAmountNanos)}";
        }

        if (cap.Mode == CapMode.None || !Enum.IsDefined(cap.Mode))
        {
            yield return $"{path}:Mode is '{cap.Mode}'; use Hard, Soft or Observe";
        }

        if (SpanProblem(cap) is { } span)
        {
            yield return $"{path}:Span is {cap.Span}; {span}";
        }

        if (!AreUsable(cap.AlertPercents))
        {
            yield return $"{path}:AlertPercents is {Join(cap.AlertPercents)}; use at most {LedgerLimits.MaxAlertPercents} different percentages of "
                + "1 to 1000, in ascending order, or none";
        }

        foreach (var problem in FloorProblems(path, cap))
        {
            yield return problem;
        }

        if (!IsKnownZone(cap.TimeZone))
        {
            yield return $"{path}:TimeZone is '{cap.TimeZone}', which is no time zone known here; "
                + "use an IANA name such as 'UTC', 'Europe/Berlin' or 'America/Sao_Paulo', and install the system's tzdata if it has none";
        }
    }

    private static string? SpanProblem(WindowCap cap) => cap.Window == WindowKind.Rolling
        ? cap.Span < LedgerLimits.MinSpan || cap.Span > LedgerLimits.MaxSpan
            ? $"a rolling window is {LedgerLimits.MinSpan} to {LedgerLimits.MaxSpan} long"
            : null
        : cap.Span != TimeSpan.Zero ? "only a rolling window has one, so leave it out or make the window Rolling" : null;

    private static bool AreUsable(ImmutableArray<int> percents)
    {
        if (percents.IsDefault || percents.Length > LedgerLimits.MaxAlertPercents)
        {
            return false;
        }

        for (var i = 0; i < percents.Length; i++)
        {
            if (percents[i] is < 1 or > 1000 || (i > 0 && percents[i] <= percents[i - 1]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Join(ImmutableArray<int> percents) =>
        percents.IsDefault ? "unset" : string.Join(", ", percents.Take(LedgerLimits.MaxAlertPercents + 1));

    private static IEnumerable<string> FloorProblems(string path, WindowCap cap)
    {
        if (cap.Floors.IsDefault || cap.Floors.Length > LedgerLimits.MaxFloors)
        {
            yield return $"{path}:Floors is {(cap.Floors.IsDefault ? "unset" : "too long")}; give at most {LedgerLimits.MaxFloors}, or none";
            yield break;
        }

        if (cap.Floors.Length > 0 && !cap.Hard)
        {
            yield return $"{path}:Floors stands at a cap that refuses nothing and so can keep nothing; make the cap hard, or take the floors away";
        }

        for (var i = 0; i < cap.Floors.Length; i++)
        {
            var (beneficiary, amount) = cap.Floors[i];
            if (string.IsNullOrEmpty(beneficiary) || beneficiary.Length > LedgerLimits.MaxIdLength)
            {
                yield return $"{path}:Floors:{i}:Beneficiary has {beneficiary?.Length ?? 0} characters; use 1 to {LedgerLimits.MaxIdLength}";
            }

            if (amount <= Money.Zero || amount.Nanos > LedgerLimits.MaxAmountNanos)
            {
                yield return $"{path}:Floors:{i}:Amount is {amount}; use more than zero and at most the cap, {cap.Limit}";
            }
        }

        if (cap.Floors.GroupBy(floor => floor.Beneficiary).FirstOrDefault(group => group.Count() > 1) is { } twins)
        {
            yield return $"{path}:Floors has {twins.Count()} floors for '{twins.Key}'; keep one";
        }

        var sum = cap.Floors.Aggregate((Int128)0, (total, floor) => total + floor.Amount.Nanos);
        if (cap.Floors.Length > 0 && sum > cap.Limit.Nanos)
        {
            yield return $"{path}:Floors add up to more than the cap, {cap.Limit}; lower the floors or raise the cap";
        }
    }

    private static bool IsKnownZone(string? name) =>
        !string.IsNullOrEmpty(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
}
