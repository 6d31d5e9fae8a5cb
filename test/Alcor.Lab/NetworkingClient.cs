using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Alcor.Lab;

/// <summary>The API answered a request with something else than success; the message holds what it said.</summary>
public sealed class RequestRefusedException(string message) : Exception(message);

/// <summary>What a user of the Networking API v2.0 sees of a port.</summary>
/// <param name="Status">DOWN, BUILD, ACTIVE or ERROR.</param>
/// <param name="Addresses">The IP addresses of fixed_ips.</param>
public sealed record NetworkingPort(string Id, string MacAddress, string Status, IReadOnlyList<string> Addresses)
{
    public string Address => Addresses[0];

    internal static NetworkingPort Read(JsonObject port) => new(
        (string)port["id"]!, (string)port["mac_address"]!, (string)port["status"]!,
        [.. port["fixed_ips"]!.AsArray().Select(fixedIp => (string)fixedIp!["ip_address"]!)]);
}

/// <summary>
/// A client of the Networking API v2.0 that knows how requests are wrapped, and nothing of what is in them. Collections
/// go by their name in the path, such as "networks"; those of another API by their path, such as "v1/nodes".
/// </summary>
public sealed class NetworkingClient(Uri endpoint) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    // Whose everything is: a port of a project is in its default security group, one of nobody is in none.
    private const string Project = "lab";

    private readonly HttpClient _http = new()
    {
        BaseAddress = endpoint,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders = { { "X-Project-Id", Project } },
    };

    public Uri Endpoint => endpoint;

    /// <summary>Creates a resource and returns it as the API shows it.</summary>
    /// <exception cref="RequestRefusedException"/>
    public async Task<JsonObject> CreateAsync(
        string collection, JsonObject attributes, CancellationToken cancellationToken)
    {
        var body = new JsonObject { [Singular(collection)] = attributes };
        using var response = await _http.PostAsJsonAsync($"{PathOf(collection)}", body, cancellationToken);
        return await ReadAsync(response, Singular(collection), cancellationToken);
    }

    /// <summary>Changes attributes of a resource.</summary>
    /// <exception cref="RequestRefusedException"/>
    public async Task<JsonObject> UpdateAsync(
        string collection, string id, JsonObject attributes, CancellationToken cancellationToken)
    {
        var body = new JsonObject { [Singular(collection)] = attributes };
        using var response = await _http.PutAsJsonAsync($"{PathOf(collection)}/{id}", body, cancellationToken);
        return await ReadAsync(response, Singular(collection), cancellationToken);
    }

    /// <summary>Does something with a resource that is no attribute of it, such as add_router_interface.</summary>
    /// <exception cref="RequestRefusedException"/>
    public async Task ActAsync(
        string collection, string id, string action, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await _http.PutAsJsonAsync(
            $"{PathOf(collection)}/{id}/{action}", body, cancellationToken);
        await RequireSuccessAsync(response, cancellationToken);
    }

    /// <exception cref="RequestRefusedException"/>
    public async Task DeleteAsync(string collection, string id, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync($"{PathOf(collection)}/{id}", cancellationToken);
        await RequireSuccessAsync(response, cancellationToken);
    }

    /// <exception cref="RequestRefusedException"/>
    public async Task<JsonObject> ShowAsync(string collection, string id, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"{PathOf(collection)}/{id}", cancellationToken);
        return await ReadAsync(response, Singular(collection), cancellationToken);
    }

    /// <exception cref="RequestRefusedException"/>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string collection, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"{PathOf(collection)}", cancellationToken);
        await RequireSuccessAsync(response, cancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return [.. body![Plural(collection)]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Creates a port and returns it as it was accepted.</summary>
    /// <exception cref="RequestRefusedException"/>
    public async Task<NetworkingPort> CreatePortAsync(JsonObject attributes, CancellationToken cancellationToken) =>
        NetworkingPort.Read(await CreateAsync("ports", attributes, cancellationToken));

    /// <exception cref="RequestRefusedException"/>
    public async Task<NetworkingPort> ShowPortAsync(string id, CancellationToken cancellationToken) =>
        NetworkingPort.Read(await ShowAsync("ports", id, cancellationToken));

    /// <summary>Asks again and again until a port has a status; a minute at most.</summary>
    /// <exception cref="RequestRefusedException">It did not get that status.</exception>
    public async Task<NetworkingPort> WaitForPortAsync(string id, string status, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        NetworkingPort? port = null;
        try
        {
            for (port = await ShowPortAsync(id, limit.Token); port.Status != status;)
            {
                await Task.Delay(Pause, limit.Token);
                port = await ShowPortAsync(id, limit.Token);
            }

            return port;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestRefusedException($"port {id} is {port?.Status} and did not become {status}");
        }
    }

    /// <summary>Whether the API answers at all.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync("", cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Singular(string collection)
    {
        var plural = Plural(collection);
        return plural.EndsWith("ies", StringComparison.Ordinal) ? $"{plural[..^3]}y" : plural.TrimEnd('s');
    }

    /// <summary>The word of a collection, which may be below others: qos/policies/{id}/dscp_marking_rules.</summary>
    private static string Plural(string collection) => collection.Split('/')[^1].Replace('-', '_');

    private static string PathOf(string collection) =>
        collection.StartsWith("v1/", StringComparison.Ordinal) ? collection : $"v2.0/{collection}";

    private static async Task<JsonObject> ReadAsync(
        HttpResponseMessage response, string name, CancellationToken cancellationToken)
    {
        await RequireSuccessAsync(response, cancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return body![name]!.AsObject();
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var said = await response.Content.ReadAsStringAsync(cancellationToken);
        var request = response.RequestMessage!;
        throw new RequestRefusedException(
            $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {said}");
    }
}
