using System.Buffers.Binary;
using System.Net;

namespace Alcor.Agent.Dhcpv6;

/// <summary>
/// A set of addresses or prefixes that a client asks for by a number of its own: the options IA_NA, IA_TA and IA_PD
/// (RFC 8415 sections 21.4, 21.5, 21.21).
/// </summary>
/// <param name="Addresses">That the client has, or would like.</param>
internal sealed record IdentityAssociation(ushort Code, uint Number, IReadOnlyList<IPAddress> Addresses)
{
    private const int AddressLength = 24;

    /// <summary>Those of a message that make sense, in their order.</summary>
    public static IEnumerable<IdentityAssociation> ReadAll(Dhcpv6Message message)
    {
        foreach (var (code, value) in message.Options)
        {
            var header = HeaderLength(code);
            if (header == 0 || value.Length < header || Dhcpv6Option.ReadAll(value[header..]) is not { } options)
                continue;
            yield return new(code, BinaryPrimitives.ReadUInt32BigEndian(value.Span),
            [
                .. options.Where(option => option.Code == Dhcpv6OptionCode.Address)
                    .Where(option => option.Value.Length >= AddressLength)
                    .Select(option => new IPAddress(option.Value.Span[..16])),
            ]);
        }
    }

    /// <summary>The option that answers it.</summary>
    /// <param name="ended">Addresses that the client is not to use any more.</param>
    /// <param name="leaseTime">Of the granted addresses.</param>
    public Dhcpv6Option Answer(
        IReadOnlyList<IPAddress> granted, IReadOnlyList<IPAddress> ended, TimeSpan leaseTime)
    {
        var seconds = (uint)leaseTime.TotalSeconds;
        List<Dhcpv6Option> options =
            [.. granted.Select(ip => Address(ip, seconds)), .. ended.Select(ip => Address(ip, seconds: 0))];
        if (options.Count == 0)
        {
            options.Add(Dhcpv6Responder.Status(Code == Dhcpv6OptionCode.DelegatedPrefixes
                ? Dhcpv6Status.NoPrefixAvailable
                : Dhcpv6Status.NoAddressesAvailable));
        }
        var header = new byte[HeaderLength(Code)];
        BinaryPrimitives.WriteUInt32BigEndian(header, Number);
        if (granted.Count > 0)
        {
            // When to renew and to rebind: the proportions of RFC 8415 section 21.4.
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), seconds / 2);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), (uint)(seconds * 4L / 5));
        }
        return new(Code, (byte[])[.. header, .. Dhcpv6Option.Encode(options)]);
    }

    /// <summary>Number, and for those that are to be renewed two times; 0: no identity association.</summary>
    private static int HeaderLength(ushort code) => code switch
    {
        Dhcpv6OptionCode.NonTemporaryAddresses or Dhcpv6OptionCode.DelegatedPrefixes => 12,
        Dhcpv6OptionCode.TemporaryAddresses => 4,
        _ => 0,
    };

    private static Dhcpv6Option Address(IPAddress address, uint seconds)
    {
        var value = new byte[AddressLength];
        address.TryWriteBytes(value, out _);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(16), seconds);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(20), seconds);
        return new(Dhcpv6OptionCode.Address, value);
    }
}
