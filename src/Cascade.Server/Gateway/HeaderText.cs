namespace Cascade.Server.Gateway;

/// <summary>Names may hold any script, headers only ASCII: what does not fit is percent-encoded as in a URL.</summary>
internal static class HeaderText
{
    public static string Escape(string text) => text.All(c => c is > ' ' and <= '~') ? text : Uri.EscapeDataString(text);
}
