using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Alcor.Agent.Dhcpv6;

/// <summary>What a message is (RFC 8415 section 7.3); those of relays have another form and are not here.</summary>
public enum Dhcpv6MessageType : byte
{
    Solicit = 1,
    Advertise = 2,
    Request = 3,
    Confirm = 4,
    Renew = 5,
    Rebind = 6,
    Reply = 7,
    Release = 8,
    Decline = 9,
    Reconfigure = 10,
    InformationRequest = 11,
}

/// <summary>The options that the responder reads or writes, by their numbers in RFC 8415 and RFC 3646.</summary>
public static class Dhcpv6OptionCode
{
    public const ushort ClientIdentifier = 1;
    public const ushort ServerIdentifier = 2;

    /// <summary>An identity association: a set of addresses, or prefixes, by a number of the client.</summary>
    public const ushort NonTemporaryAddresses = 3;

    /// <inheritdoc cref="NonTemporaryAddresses"/>
    public const ushort TemporaryAddresses = 4;

    public const ushort Address = 5;
    public const ushort OptionRequest = 6;
    public const ushort Preference = 7;
    public const ushort StatusCode = 13;
    public const ushort RapidCommit = 14;
    public const ushort UserClass = 15;
    public const ushort NameServers = 23;
    public const ushort DomainSearch = 24;

    /// <inheritdoc cref="NonTemporaryAddresses"/>
    public const ushort DelegatedPrefixes = 25;

    public const ushort InformationRefreshTime = 32;
}

/// <summary>What option 13 says (RFC 8415 section 21.13, table 3).</summary>
public enum Dhcpv6Status : ushort
{
    Success = 0,
    NoAddressesAvailable = 2,
    NotOnLink = 4,
    NoPrefixAvailable = 6,
}

/// <summary>One option (RFC 8415 section 21.1). Its value may hold options again.</summary>
public readonly record struct Dhcpv6Option(ushort Code, ReadOnlyMemory<byte> Value)
{
    private const int HeaderLength = 4;

    /// <summary>Bytes on the wire.</summary>
    public int EncodedLength => HeaderLength + Value.Length;

    /// <summary>Reads options to the end of the bytes, in their order; null when the last is not whole.</summary>
    public static ImmutableArray<Dhcpv6Option>? ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var options = ImmutableArray.CreateBuilder<Dhcpv6Option>();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < HeaderLength)
                return null;
            var end = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[2..]);
            if (end > bytes.Length)
                return null;
            options.Add(new(BinaryPrimitives.ReadUInt16BigEndian(bytes.Span), bytes[HeaderLength..end]));
            bytes = bytes[end..];
        }
        return options.ToImmutable();
    }

    /// <summary>Bytes on the wire, one option after another.</summary>
    public static byte[] Encode(IReadOnlyCollection<Dhcpv6Option> options)
    {
        var bytes = new byte[options.Sum(option => option.EncodedLength)];
        var rest = bytes.AsSpan();
        foreach (var (code, value) in options)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, code);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)value.Length);
            value.Span.CopyTo(rest[HeaderLength..]);
            rest = rest[(HeaderLength + value.Length)..];
        }
        return bytes;
    }
}
