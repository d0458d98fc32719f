namespace Cascade.Grains.State;

/// <summary>
/// Names a holder of leases: a silo incarnation and a slot in it. A silo has a few slots, so that it can open a new lease while the calls of
/// the old one run out.
/// </summary>
internal readonly record struct HolderId(SiloAddress Silo, int Slot)
{
    public override string ToString() => $"{Silo.ToParsableString()}/{Slot}";

    public static bool TryParse(string? text, out HolderId holder)
    {
        try
        {
            holder = Parse(text ?? "");
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            holder = default;
            return false;
        }
    }

    public static HolderId Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        return new HolderId(SiloAddress.FromParsableString(text[..slash]), int.Parse(text.AsSpan(slash + 1), provider: null));
    }
}
