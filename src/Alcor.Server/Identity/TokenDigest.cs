using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Alcor.Server.Identity;

/// <summary>SHA-256 of a token: what is kept is no token, and comparing it tells nothing about one.</summary>
internal readonly record struct TokenDigest
{
    private readonly long first;
    private readonly long second;
    private readonly long third;
    private readonly long fourth;

    private TokenDigest(ReadOnlySpan<long> words) =>
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3]);

    /// <summary>Null: no service issues such a token, and none is asked about it.</summary>
    public static TokenDigest? Of(ReadOnlySpan<char> token)
    {
        if (token.Length is 0 or > IdentityLimits.TokenCharactersMax)
            return null;
        Span<byte> text = stackalloc byte[token.Length];
        if (Ascii.FromUtf16(token, text, out _) != System.Buffers.OperationStatus.Done)
            return null;
        Span<long> words = stackalloc long[SHA256.HashSizeInBytes / sizeof(long)];
        SHA256.HashData(text, MemoryMarshal.AsBytes(words));
        return new TokenDigest(words);
    }

    /// <summary>A digest is as good as random in each of its words.</summary>
    public override int GetHashCode() => first.GetHashCode();
}
