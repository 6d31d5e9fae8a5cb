using System.Text.RegularExpressions;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>An option that a port has by its extra_dhcp_opts, read.</summary>
/// <param name="Value">Empty: it is not to be told, whatever the subnet says.</param>
/// <param name="IsForIpxe">Only for clients that are iPXE, or only for others; null: for all.</param>
public readonly record struct ExtraOption(ushort Code, ValueList<byte> Value, bool? IsForIpxe);

/// <summary>
/// The extra_dhcp_opts of a port (Neutron API, ports). A name may be preceded by its namespace, "option:" or
/// "option6:", and before that by the tag of the clients that it is for: "tag:ipxe,", "tag:!ipxe,", or the same with
/// "ipxe6"; there are no other tags.
/// </summary>
internal static partial class ExtraOptions
{
    /// <summary>Those that make sense, of one version of IP; of two of one meaning, the last.</summary>
    public static ValueList<ExtraOption> Of(PortValue port, bool isIpv6) =>
        port.DhcpOptions.Where(option => option.IsIpv6 == isIpv6)
            .Select(Read).Where(read => read.Reason is null).Select(read => read.Option)
            .Reverse().DistinctBy(option => (option.Code, option.IsForIpxe)).Reverse().ToValueList();

    /// <summary>Why the first that makes no sense is not told; null: all do.</summary>
    public static string? Problem(PortValue port) =>
        port.DhcpOptions.Select(option => Read(option).Reason).FirstOrDefault(reason => reason is not null);

    /// <summary>Those that a client is told, by their codes.</summary>
    public static Dictionary<ushort, ReadOnlyMemory<byte>> For(ValueList<ExtraOption> options, bool isIpxe) =>
        options.Where(option => option.IsForIpxe is null || option.IsForIpxe == isIpxe)
            // What is for such clients alone comes before what is for all.
            .OrderBy(option => option.IsForIpxe is null).DistinctBy(option => option.Code)
            .ToDictionary(option => option.Code, option => (ReadOnlyMemory<byte>)option.Value.ToArray());

    private static (ExtraOption Option, string? Reason) Read(NamedDhcpOption option)
    {
        var parts = Parts().Match(option.Name);
        if (!parts.Success || parts.Groups["six"].Success && !option.IsIpv6)
            return (default, $"DHCP option {option.Name}: not a name of an option");
        if (OptionNames.Find(parts.Groups["name"].Value, option.IsIpv6) is not var (code, form))
            return (default, $"DHCP option {option.Name}: none that may be given to a port");
        if ((option.Value.Length == 0 ? [] : OptionText.Read(form, option.Value, option.IsIpv6)) is not { } value)
            return (default, $"DHCP option {option.Name}: '{option.Value}' is not a value of it");
        bool? isForIpxe = parts.Groups["tag"].Success ? !parts.Groups["not"].Success : null;
        return (new ExtraOption(code, [.. value], isForIpxe), null);
    }

    [GeneratedRegex(@"^(tag:(?<not>!)?(?<tag>ipxe6?),)?(option(?<six>6)?:)?(?<name>[^:,]+)$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parts();
}
