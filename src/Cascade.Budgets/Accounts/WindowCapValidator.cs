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
            yield return $"{path}:Window is '{cap.Window}'; use Hour, Day, Week, Month or Total";
        }

        if (cap.Limit < Money.Zero)
        {
            yield return $"{path}:Limit is {cap.Limit}; use zero or more";
        }

        if (cap.Limit.Nanos > LedgerLimits.MaxAmountNanos)
        {
            yield return $"{path}:Limit is {cap.Limit}; use at most {new Money(LedgerLimits.MaxAmountNanos)}";
        }

        if (!IsKnownZone(cap.TimeZone))
        {
            yield return $"{path}:TimeZone is '{cap.TimeZone}', which is no time zone known here; "
                + "use an IANA name such as 'UTC', 'Europe/Berlin' or 'America/Sao_Paulo', and install the system's tzdata if it has none";
        }
    }

    private static bool IsKnownZone(string? name) =>
        !string.IsNullOrEmpty(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
}
