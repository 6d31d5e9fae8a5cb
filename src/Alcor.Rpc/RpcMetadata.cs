using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Alcor.Rpc;

/// <summary>
/// Custom headers or trailers of a call, in order, names possibly repeated. Names are lower case letters, digits,
/// <c>-_.</c>; a name that ends in <c>-bin</c> carries bytes, any other printable ASCII. Names that gRPC or HTTP/2 keep
/// for themselves (<c>grpc-…</c>, <c>te</c>, <c>content-type</c> …) are refused. HTTP may join texts of the same name
/// with a comma on the way; bytes are taken apart again. Not safe for use by several threads.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field's name for it is metadata.")]
public sealed class RpcMetadata : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Adds a text, or for a <c>-bin</c> name what is base64 already.</summary>
    /// <exception cref="ArgumentException">The name or the value cannot be carried.</exception>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Length == 0 || !name.All(IsNameCharacter) || MetadataHeaders.IsReserved(name))
        {
            throw new ArgumentException($"'{name}' cannot be the name of custom metadata", nameof(name));
        }

        if (value.Any(c => c is < ' ' or > '~'))
        {
            throw new ArgumentException($"the value of {name} is not printable ASCII: use a -bin name", nameof(value));
        }

        _entries.Add(new(name, value));
    }

    /// <summary>Adds bytes under a name that ends in <c>-bin</c>.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsBinary(name))
        {
            throw new ArgumentException($"bytes need a name that ends in -bin, not '{name}'", nameof(name));
        }

        Add(name, Convert.ToBase64String(value).TrimEnd('='));
    }

    /// <summary>The last value under the name, or null.</summary>
    public string? Get(string name) => _entries.FindLast(entry => entry.Key == name).Value;

    /// <summary>All values under the name.</summary>
    public IEnumerable<string> GetAll(string name) => _entries.Where(entry => entry.Key == name).Select(e => e.Value);

    /// <summary>The bytes of the last value under a <c>-bin</c> name; null if absent or not base64.</summary>
    public byte[]? GetBytes(string name)
    {
        if (Get(name) is not { } text)
        {
            return null;
        }

        // Padding is optional on the wire; the decoder wants it.
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out var written) ? bytes[..written] : null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static bool IsBinary(string name) => name.EndsWith("-bin", StringComparison.Ordinal);

    /// <summary>Adds what came from the wire, where HTTP's own rules have been checked already.</summary>
    internal void AddReceived(string name, string value)
    {
        if (!IsBinary(name))
        {
            _entries.Add(new(name, value));
            return;
        }

        // Intermediaries may join repeated headers with commas, which base64 does not contain.
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            _entries.Add(new(name, part));
        }
    }

    private static bool IsNameCharacter(char c) =>
        char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.';
}
