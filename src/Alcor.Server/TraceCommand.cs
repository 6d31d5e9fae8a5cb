using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Alcor.Server;

/// <summary>
/// <c>alcor trace</c>: asks a server where a packet of a port would go, and prints its way. The exit code is 0 when it
/// arrives (and the answer does, if that was asked for), 1 when it does not, 2 when the question could not be asked.
/// </summary>
public static class TraceCommand
{
    private const int NotDelivered = 1;
    private const string Token = "OS_TOKEN";

    private static readonly Argument<string> Port = new("port") { Description = "The id or the name of the port." };

    private static readonly Argument<string> Destination = new("destination")
    {
        Description = "The IP address that the packet is for.",
    };

    private static readonly Option<string> Server = new("--server")
    {
        Description = $"Where the API listens; {Token} is the token, if it wants one.",
        HelpName = "url",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("OS_ENDPOINT") ?? "http://127.0.0.1:9696",
    };

    private static readonly Option<bool> Reply = new("--reply")
    {
        Description = "Follow the answer to what is delivered too.",
    };

    private static readonly Option<bool> Flows = new("--flows")
    {
        Description = "Print the flows too that it met, as Open vSwitch writes them.",
    };

    /// <summary>Each is a parameter of the query by its own name; the server says what is wrong with it.</summary>
    private static readonly Option<string?>[] Parameters =
    [
        Parameter("--protocol", "tcp, udp, icmp or a number. Default: icmp"),
        Parameter("--destination-port", "The port of TCP or UDP that it is for."),
        Parameter("--source-port", "The port that it is from. Default: 49152"),
        Parameter("--source", "The address that it is from. Default: the port's own"),
        Parameter("--icmp-type", "The type of ICMP. Default: an echo request"),
        Parameter("--icmp-code", "The code of ICMP. Default: 0"),
        Parameter("--size", "The bytes of IP that it has. Default: as few as it needs"),
    ];

    public static Command Create()
    {
        var command = new Command("trace", "Say where a packet of a port goes, or which rule stops it, and where.")
        {
            Port, Destination, Server, Reply, Flows,
        };
        foreach (var parameter in Parameters)
            command.Options.Add(parameter);
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string?> Parameter(string name, string description) =>
        new(name) { Description = description };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(Server)!) };
            if (Environment.GetEnvironmentVariable(Token) is { Length: > 0 } token)
                http.DefaultRequestHeaders.Add("X-Auth-Token", token);
            var port = await IdOfAsync(http, parsed.GetValue(Port)!, cancellationToken);
            var answer = await GetAsync(http, $"/v1/ports/{port}/trace?{QueryOf(parsed)}", cancellationToken);
            return Print(answer["trace"]!, parsed.GetValue(Flows)) ? 0 : NotDelivered;
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or FormatException
            or System.Text.Json.JsonException || exception is TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"alcor: {exception.Message}");
            return CommandLine.UsageExitCode;
        }
    }

    private static string QueryOf(ParseResult parsed)
    {
        var given = Parameters.Where(parameter => parsed.GetValue(parameter) is not null)
            .Select(parameter => (Name: parameter.Name.TrimStart('-').Replace('-', '_'), parsed.GetValue(parameter)!))
            .Append((Name: "destination", parsed.GetValue(Destination)!));
        if (parsed.GetValue(Reply))
            given = given.Append((Name: "reply", "true"));
        return string.Join('&', given.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Item2)}"));
    }

    private static async Task<string> IdOfAsync(HttpClient http, string port, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(port, "D", out _))
            return port;
        var named = await GetAsync(
            http, $"/v2.0/ports?fields=id&name={Uri.EscapeDataString(port)}", cancellationToken);
        return named["ports"]!.AsArray() switch
        {
            [{ } only] => (string)only["id"]!,
            [] => throw new FormatException($"no port has the name '{port}'"),
            { Count: var count } => throw new FormatException($"{count} ports have the name '{port}': say its id"),
        };
    }

    /// <exception cref="FormatException">The server refuses, with its reason.</exception>
    private static async Task<JsonNode> GetAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var answer = text.StartsWith('{') ? JsonNode.Parse(text) : null;
        if (response.IsSuccessStatusCode && answer is not null)
            return answer;
        var reason = (string?)answer?["NeutronError"]?["message"] ?? (string?)answer?["error"]?["message"];
        throw new FormatException(reason
            ?? string.Create(CultureInfo.InvariantCulture, $"{http.BaseAddress} answers {(int)response.StatusCode}"));
    }

    /// <returns>Whether the packet arrives, and its answer.</returns>
    private static bool Print(JsonNode trace, bool withFlows)
    {
        var arrives = PrintWay(trace, withFlows);
        if (trace["reply"] is { } reply)
        {
            Console.WriteLine("\nThe answer:");
            arrives &= PrintWay(reply, withFlows);
        }
        foreach (var note in trace["notes"]!.AsArray())
            Console.WriteLine($"\nNote: {note}.");
        return arrives;
    }

    private static bool PrintWay(JsonNode way, bool withFlows)
    {
        var steps = way["steps"]!.AsArray().Select(step => step!).ToList();
        var host = steps.Max(step => ((string)step["host"]!).Length);
        var table = steps.Max(step => ((string?)step["table"] ?? "").Length);
        foreach (var step in steps)
        {
            Console.WriteLine($"{((string)step["host"]!).PadRight(host)}  "
                + $"{((string?)step["table"] ?? "").PadRight(table)}  {step["text"]}");
        }
        foreach (var flow in withFlows ? way["flows"]!.AsArray() : [])
            Console.WriteLine($"  {flow}");
        var verdict = (string)way["verdict"]!;
        var to = way["to"] is { } target ? $" to {target["port_id"] ?? "a port"} on {target["host"]}" : "";
        Console.WriteLine($"{char.ToUpperInvariant(verdict[0])}{verdict[1..]}{to}.");
        return verdict is "delivered" or "answered" or "left";
    }
}
