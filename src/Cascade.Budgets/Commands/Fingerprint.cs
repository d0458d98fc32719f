using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cascade.Budgets;

/// <summary>Tells the content of two commands apart, the same in every process and version.</summary>
internal sealed class Fingerprint
{
    private readonly StringBuilder _text = new();

    public static string Of(LedgerCommand command)
    {
        var fingerprint = new Fingerprint();
        command.Describe(fingerprint);
        return fingerprint.Finish();
    }

    public Fingerprint Add(string? value)
    {
        // The length keeps "ab","c" and "a","bc" apart.
        _text.Append(CultureInfo.InvariantCulture, $"{value?.Length ?? -1}:{value};");
        return this;
    }

    public Fingerprint Add(long value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{value};");
        return this;
    }

    private string Finish()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(_text.ToString()));
        return Convert.ToHexString(hash.AsSpan(0, 16));
    }
}
