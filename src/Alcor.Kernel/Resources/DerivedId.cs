using System.Security.Cryptography;
using System.Text;

namespace Alcor.Kernel.Resources;

/// <summary>
/// Ids that follow from others: of what is made along with a resource, and of what there is once in a project. Whoever
/// knows from what it derives finds it without a search, and it can be made only once.
/// </summary>
public static class DerivedId
{
    // Lanes ask for the same few over and over. Two that share a place take it from one another.
    private static readonly Kept?[] Known = new Kept?[Limits.DerivedIdsKeptMax];

    /// <summary>A UUID of version 8 (RFC 9562 section 5.8): the SHA-256 of both texts.</summary>
    /// <param name="from">The id that it derives from.</param>
    /// <param name="purpose">What it is: <c>default-security-group</c>.</param>
    public static string Of(string from, string purpose)
    {
        ref var place = ref Known[(uint)HashCode.Combine(from, purpose) % Known.Length];
        if (Volatile.Read(ref place) is not { } kept || kept.From != from || kept.Purpose != purpose)
            Volatile.Write(ref place, kept = new Kept(from, purpose, Derive(from, purpose)));
        return kept.Id;
    }

    private static string Derive(string from, string purpose)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}/{from}"), hash);
        hash[6] = (byte)(0x80 | hash[6] & 0x0f);
        hash[8] = (byte)(0x80 | hash[8] & 0x3f);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }

    /// <summary>A UUID of version 5 (RFC 9562 section 5.5), which other programs derive alike.</summary>
    /// <param name="space">The UUID of whatever the name is unique in.</param>
    public static string Named(string space, string name)
    {
        var named = (byte[])[.. Guid.Parse(space).ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The version says which hash it is; nothing is kept secret by it.
        SHA1.HashData(named, hash);
#pragma warning restore CA5350
        hash[6] = (byte)(0x50 | hash[6] & 0x0f);
        hash[8] = (byte)(0x80 | hash[8] & 0x3f);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }

    private sealed record Kept(string From, string Purpose, string Id);
}
