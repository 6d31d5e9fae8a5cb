using System.Text.Json;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Identity;

/// <summary>What Keystone says of a token.</summary>
/// <param name="Caller">Its user, scope and roles.</param>
internal sealed record TokenFacts(Caller Caller, DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// Reads the document of <c>GET /v3/auth/tokens</c> and of <c>POST /v3/auth/tokens</c> (Identity API v3).
    /// </summary>
    /// <exception cref="JsonException">It is not such a document.</exception>
    public static TokenFacts Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            var token = document.RootElement.GetProperty("token");
            var project = Find(token, "project");
            var caller = new Caller
            {
                UserId = Text(token.GetProperty("user"), "id"),
                ProjectId = project is { } scope ? Text(scope, "id") : "",
                ProjectName = project is { } named ? Text(named, "name") : "",
                DomainId = Find(token, "domain") is { } domain ? Text(domain, "id") : "",
                IsSystemScoped = Find(token, "system") is { } system && Find(system, "all")?.GetBoolean() == true,
                Roles = RoleNames.Normalise(
                    Find(token, "roles") is { } roles ? roles.EnumerateArray().Select(role => Text(role, "name")) : []),
            };
            return new TokenFacts(caller, token.GetProperty("expires_at").GetDateTimeOffset());
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new JsonException("not a token of the Identity API v3", exception);
        }
    }

    public bool IsExpired(DateTimeOffset now) => ExpiresAt < now;

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    private static string Text(JsonElement parent, string name) =>
        parent.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");
}
