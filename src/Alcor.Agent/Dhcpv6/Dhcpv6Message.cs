using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Alcor.Agent.Dhcpv6;

/// <summary>A DHCPv6 message between client and server (RFC 8415 section 8).</summary>
/// <param name="TransactionId">24 bits.</param>
public sealed record Dhcpv6Message(Dhcpv6MessageType Type, uint TransactionId)
{
    private const int FixedLength = 4;

    /// <summary>In their order; one code may stand there more than once.</summary>
    public ImmutableArray<Dhcpv6Option> Options { get; init; } = [];

    /// <summary>The value of the first option of this code, or null.</summary>
    public ReadOnlyMemory<byte>? Option(ushort code)
    {
        foreach (var option in Options)
        {
            if (option.Code == code)
                return option.Value;
        }
        return null;
    }

    /// <summary>
    /// Reads a message; bytes of a stranger, so everything that is wrong is a false, never an exception.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Dhcpv6Message? message)
    {
        message = null;
        if (bytes.Length < FixedLength || !Enum.IsDefined((Dhcpv6MessageType)bytes.Span[0])
            || Dhcpv6Option.ReadAll(bytes[FixedLength..]) is not { } options)
        {
            return false;
        }
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
        message = new Dhcpv6Message((Dhcpv6MessageType)(first >> 24), first & 0xff_ffff) { Options = options };
        return true;
    }

    /// <summary>Bytes on the wire.</summary>
    public byte[] Encode()
    {
        var first = new byte[FixedLength];
        BinaryPrimitives.WriteUInt32BigEndian(first, ((uint)Type << 24) | TransactionId);
        return [.. first, .. Dhcpv6Option.Encode(Options)];
    }
}
